# Functions over things that a cluster network left on a host. Each thing is one line, fields parted by tabs:
#
#   chain BACKEND TABLE NAME      fwrule BACKEND TABLE -A…    (BACKEND: nft or legacy; both families are looked at)
#   nft - - FAMILY TABLE          tc - - DEVICE NAME          bpf - - PATH
#   ipset - - NAME                iprule - - PREF: TEXT       route - - TEXT
#   link - - NAME                 file - - PATH               unbak - - PATH (of a file that Cilium renamed)
#
# `things` prints them; it stands before this.
tab=$(printf '\t')
for aux in /var/lib/rancher/k3s/data/current/bin/aux /var/lib/rancher/k3s/data/current/bin; do
  if [ -d "$aux" ]; then PATH=$PATH:$aux; fi
done

of_kind() { things | sed -n "s/^$1$tab-$tab-$tab//p"; }

# The tables of packet filters that things name, one `TOOL TABLE` per line.
tables() {
  things | awk -F '\t' '$1 == "chain" || $1 == "fwrule" { print $2, $3 }' | sort -u | while read -r backend table; do
    for family in iptables ip6tables; do
      if command -v "$family-$backend-save" >/dev/null; then echo "$family-$backend $table"; fi
    done
  done
}

# rules TOOL TABLE HOW: what restore must read to remove the things (HOW=remove) or to make them again (HOW=make).
# Rules of others that lead into a chain which goes, go with it, and come back to their place.
rules() {
  saved=$("$1-save" -t "$2" 2>/dev/null) || saved=
  { things | awk -F '\t' -v backend="${1##*-}" -v table="$2" '$2 == backend && $3 == table { print ($1 == "chain" ? "c " : "r ") $4 }'
    echo
    printf '%s\n' "$saved"
  } | awk -v table="$2" -v how="$3" '
    !body { if ($0 == "") body = 1; else if ($1 == "c") own[$2] = 1; else named[substr($0, 3)] = 1; next }
    /^:/ { chain = substr($1, 2); if (chain in own) chains[++n] = chain; next }
    /^-A / {
      chain = $2; place[chain]++
      if (chain in own) { inner[++m] = $0; next }
      hit = ($0 in named)
      for (i = 3; i < NF; i++) if (($i == "-j" || $i == "-g") && ($(i + 1) in own)) hit = 1
      if (!hit) next
      outer[++k] = $0; sub(/^-A [^ ]+/, "", outer[k]); in_chain[k] = chain; at[k] = place[chain]
    }
    END {
      if (n + k == 0) exit
      print "*" table
      if (how == "remove") {
        for (i = 1; i <= k; i++) print "-D " in_chain[i] outer[i]
        for (i = 1; i <= n; i++) print "-F " chains[i]
        for (i = 1; i <= n; i++) print "-X " chains[i]
      } else {
        for (i = 1; i <= n; i++) print ":" chains[i] " - [0:0]"
        for (i = 1; i <= m; i++) print inner[i]
        for (i = 1; i <= k; i++) print "-I " in_chain[i] " " at[i] outer[i]
      }
      print "COMMIT"
    }'
}

# family_of TEXT: of addresses in a route.
family_of() { case $1 in *:*) echo -6 ;; *) echo -4 ;; esac; }

# Words that routes are printed with and not made of.
route_words() { printf '%s' "$1" | sed -E 's/ (linkdown|dead|offload|trap)\b//g'; }

# rule_words TEXT: `PREF: from all lookup TABLE` as arguments of `ip rule`.
rule_words() { printf '%s' "$1" | sed -E "s/^([0-9]+):[[:space:]]*/pref \1 /"; }

# Rules of one family that are printed exactly so.
has_rule() { ip "$1" rule show 2>/dev/null | tr -s ' \t' ' ' | sed 's/ $//' | grep -qxF "$(printf '%s' "$2" | tr -s ' \t' ' ')"; }

has_route() { ip "$(family_of "$1")" route show table all 2>/dev/null | tr -s ' ' | sed 's/ $//' | grep -qxF "$(printf '%s' "$1" | tr -s ' ')"; }

idle_tunnel() { [ "$1" = tunl0 ] && [ -z "$(ip -o address show dev tunl0)" ] && ! ip -o link show dev tunl0 up | grep -q .; }

# Prints the things that are still there.
left() {
  tables | while read -r tool table; do
    saved=$("$tool-save" -t "$table" 2>/dev/null)
    things | awk -F '\t' -v backend="${tool##*-}" -v table="$table" '($1 == "chain" || $1 == "fwrule") && $2 == backend && $3 == table' |
      while IFS=$tab read -r kind backend of name; do
        case $kind in
          chain) printf '%s\n' "$saved" | grep -qF ":$name " && printf '%s\t%s\t%s\t%s\n' "$kind" "$backend" "$of" "$name" ;;
          fwrule) printf '%s\n' "$saved" | grep -qxF -e "$name" && printf '%s\t%s\t%s\t%s\n' "$kind" "$backend" "$of" "$name" ;;
        esac
      done
  done | sort -u
  things | while IFS=$tab read -r kind one two name; do
    case $kind in
      nft) nft list tables 2>/dev/null | grep -qxF "table $name" ;;
      ipset) ipset -name list 2>/dev/null | grep -qxF -e "$name" ;;
      iprule) has_rule -4 "$name" || has_rule -6 "$name" ;;
      route) has_route "$name" ;;
      link) ip link show dev "$name" >/dev/null 2>&1 && ! idle_tunnel "$name" ;;
      file | bpf) [ -e "$name" ] || [ -h "$name" ] ;;
      unbak) [ -e "$name" ] ;;
      tc) for way in ingress egress; do tc filter show dev "${name%% *}" $way 2>/dev/null; done | grep -qF "${name#* }" ;;
      *) false ;;
    esac && printf '%s\t%s\t%s\t%s\n' "$kind" "$one" "$two" "$name"
  done
  true
}
