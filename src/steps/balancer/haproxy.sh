# Puts a configuration of HAProxy in place: checked by the program itself before anything is swapped, loaded without
# letting go of a connection, and back to the former one when the new one cannot listen. The configuration is line 1 of the
# input, in base64. Needs LISTENERS, each ADDRESS:PORT. Exit status: 0 it listens, 30 HAProxy refuses the configuration, 31
# somebody else has a port, 32 it does not listen.
config=/etc/haproxy/haproxy.cfg
new=/run/drover-haproxy.cfg
trap 'rm -f "$new"' EXIT
data | sed -n 1p | base64 -d >"$new" || exit 73
said=$(haproxy -c -f "$new" 2>&1) || { printf '%s\n' "$said" >&2; exit 30; }

# Names of the processes that listen at an address, or at its port on every address.
owners() {
  port=${1##*:}
  ss -Hltnp "sport = :$port" | awk -v want="$1" -v any4="0.0.0.0:$port" -v any6="[::]:$port" -v any="*:$port" \
    '$4 == want || $4 == any4 || $4 == any6 || $4 == any' | sed -n 's/.*users:(("\([^"]*\)".*/\1/p'
}
for at in $LISTENERS; do
  other=$(owners "$at" | grep -vx haproxy | head -n 1)
  [ -z "$other" ] || { echo "$other listens at $at" >&2; exit 31; }
done

old=/run/drover-haproxy.old
trap 'rm -f "$new" "$old"' EXIT
[ ! -e "$config" ] || cp -p "$config" "$old" || exit 73
put_file "$config" 0644 root:root plain 1 || exit 73
since=$(date '+%Y-%m-%d %H:%M:%S')
systemctl enable --quiet haproxy && systemctl reload-or-restart haproxy
listening() {
  [ "$(systemctl is-active haproxy)" = active ] || return 1
  # A reload that failed leaves the former processes at work, which may listen at the same addresses.
  case $(systemctl show --property StatusText --value haproxy) in *ailed* | Reload*) return 1 ;; esac
  for at in $LISTENERS; do owners "$at" | grep -qx haproxy || return 1; done
}
end=$(($(date +%s) + 30))
until listening; do
  if [ "$(date +%s)" -ge "$end" ]; then
    [ ! -e "$old" ] || { cat "$old" >"$config" && systemctl reload-or-restart haproxy; }
    journalctl -u haproxy --since "$since" -o cat --no-pager 2>/dev/null | grep -E 'ALERT|ERROR|rror' | tail -n 3 >&2
    exit 32
  fi
  sleep 0.2
done
