# Notes what the host has of K3s' before K3s first starts there, and writes the way back down on the host. Needs UNIT,
# KILLALL, LEAVE and the functions of save points. A host that has run K3s before keeps all that it has.
data=/var/lib/rancher/k3s

# Only what is not there yet will be taken away.
absent() { for path do if [ ! -e "$path" ]; then printf '%s ' "$path"; fi; done; }
empty() { for path do if [ -d "$path" ] && [ -z "$(ls -A "$path")" ]; then printf '%s ' "$path"; fi; done; }

used() {
  [ -e /etc/rancher/node ] || [ -n "$(find "$data" -mindepth 1 ! -type d ! -path "$data/agent/images/*" -print -quit 2>/dev/null)" ]
}

own='/etc/rancher/node /var/lib/kubelet /var/lib/cni /var/lib/rancher/credentialprovider /run/k3s /run/flannel /var/log/pods /var/log/containers /etc/cni /opt/cni'

# shellcheck disable=SC2086 # one word per folder
if ! used; then
  {
    printf "UNIT='%s'\nABSENT='%s'\nEMPTY='%s'\nFOLDERS='%s'\nTABLES='%s'\n" "$UNIT" \
      "$(absent /etc/rancher/k3s/k3s.yaml $own)" \
      "$(empty $own)" \
      "$(absent "$data/agent/images" "$data/agent" "$data" /var/lib/rancher /run/containerd /run/netns)" \
      "$(nft list tables 2>/dev/null | awk '$2 == "ip" || $2 == "ip6" { printf "%s/%s ", $2, $3 }')"
    printf 'KILLALL=$(cat <<'\''DROVER_KILLALL'\''\n%s\nDROVER_KILLALL\n)\n' "$KILLALL"
    printf '%s\n' "$LEAVE"
  } | save_script k3s || exit 73
fi
