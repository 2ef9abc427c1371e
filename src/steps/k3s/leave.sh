# Takes K3s off a host that had none, with everything that it left: saved on the host before K3s first starts there,
# run when that start is undone. UNIT, ABSENT (paths that were not there), EMPTY (folders that were empty), FOLDERS (parents that were not there) and
# TABLES (of the packet filter that were there) stand before it, the killall script in KILLALL. `look` prints `clean`, `there`, or `data: …`; `go` does it.
# Data of volumes goes only with DROVER_DATA=agreed (exit status 20 otherwise).
data=/var/lib/rancher/k3s

volumes() { find "$data/storage" -mindepth 1 -maxdepth 1 -type d 2>/dev/null; }

tables() {
  nft list tables 2>/dev/null | awk '$2 == "ip" || $2 == "ip6" { print $2 "/" $3 }'
}

remains() {
  if systemctl is-active --quiet "$UNIT"; then echo "$UNIT"; fi
  pgrep -f 'containerd-shim.*/run/k3s/containerd/containerd.sock'
  for path in $ABSENT; do if [ -e "$path" ]; then echo "$path"; fi; done
  for path in $EMPTY; do find "$path" -mindepth 1 -print -quit 2>/dev/null; done
  own_files -print -quit
}

# Archives of images are undone by whoever put them there.
own_files() { # FIND-WORDS…
  find "$data" -mindepth 1 -depth -xdev ! -path "$data/agent" ! -path "$data/agent/images" ! -path "$data/agent/images/*" "$@" 2>/dev/null
}

# A table that came with K3s goes when nothing but the kernel's own chains is in it.
drop_table() { # FAMILY/NAME
  nft list table "${1%/*}" "${1#*/}" 2>/dev/null | grep -vE '^(#|table|}|[[:space:]]*(chain [A-Z]+ [{]|type |}|$))' | grep -q . || nft delete table "${1%/*}" "${1#*/}" 2>/dev/null
}

go() {
  if [ -n "$(volumes)" ] && [ "${DROVER_DATA:-keep}" != agreed ]; then
    echo "volumes have data: $(volumes | tr '\n' ' ')" >&2
    exit 20
  fi
  systemctl disable --quiet --now "$UNIT" 2>/dev/null
  systemctl reset-failed "$UNIT" 2>/dev/null
  printf '%s\n' "$KILLALL" | sh -s >/dev/null 2>&1
  if [ -d "$data/storage" ]; then find "$data/storage" -mindepth 1 -delete; fi
  own_files -delete
  for path in $ABSENT; do rm -rf --one-file-system "$path"; done
  for path in $EMPTY; do find "$path" -mindepth 1 -xdev -delete; done
  # Runtime state of containers, unless somebody else's containerd has come meanwhile.
  case " $FOLDERS " in *" /run/containerd "*) pgrep -x containerd >/dev/null || rm -rf --one-file-system /run/containerd ;; esac
  for path in $FOLDERS; do find "$path" -depth -type d -empty -delete 2>/dev/null; done
  for table in $(tables); do
    case " $TABLES " in *" $table "*) ;; *) drop_table "$table" ;; esac
  done
  [ -z "$(remains)" ]
}

case $1 in
  go) go ;;
  look)
    if [ -n "$(volumes)" ]; then
      echo "data: the data of volumes in $data/storage ($(volumes | wc -l))"
    elif [ -n "$(remains)" ]; then
      echo there
    else
      echo clean
    fi
    ;;
esac
