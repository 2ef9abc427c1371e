import { showUnits } from './systemctl-show.js';

/** Data directories and configuration folders of distributions, whether or not something is installed. */
export const DIRECTORIES = [
  '/etc/rancher/k3s',
  '/etc/rancher/rke2',
  '/etc/rancher/node',
  '/var/lib/rancher/k3s',
  '/var/lib/rancher/rke2',
  '/etc/kubernetes',
  '/var/lib/kubelet',
  '/var/lib/etcd',
  '/var/lib/k0s',
  '/var/snap/microk8s/current',
] as const;

const UNITS =
  'k3s k3s-agent rke2-server rke2-agent kubelet k0scontroller k0sworker snap.microk8s.daemon-kubelite';

/**
 * Units and their drop-ins, environment files, configuration files, states, data stores, certificates (public
 * parts alone) and the last errors. All text that may hold secrets passes `hmac_secrets` before it is printed.
 */
export const KUBERNETES_SCRIPT = `
names="${UNITS}"
for file in /etc/systemd/system/k3s-*.service /etc/systemd/system/rke2-*.service; do
  if [ -f "$file" ]; then name=\${file##*/}; names="$names \${name%.service}"; fi
done
seen=' '
found=
for name in $names; do
  case $seen in *" $name "*) continue ;; esac
  seen="$seen$name "
  for dir in /etc/systemd/system /usr/local/lib/systemd/system /usr/lib/systemd/system /lib/systemd/system; do
    unit=$dir/$name.service
    if [ -f "$unit" ]; then
      found="$found $name"
      block "unit $name $unit"
      for file in "$unit" "$dir/$name.service.d"/*.conf "/etc/systemd/system/$name.service.d"/*.conf; do
        if [ -f "$file" ]; then cat "$file"; echo; fi
      done | sed -e ':join' -e '/\\\\$/{N;s/\\\\\\n[[:space:]]*/ /;b join' -e '}' | hmac_secrets
      for file in "$unit.env" "/etc/default/$name" "/etc/sysconfig/$name" "\${unit%.service}.env"; do
        if [ -f "$file" ] && [ -r "$file" ]; then block "env $name $file"; hmac_secrets < "$file"; echo; fi
      done
      break
    fi
  done
done
set --
for file in /etc/systemd/system/k3s*.service /etc/systemd/system/k3s*.service.env /etc/systemd/system/rke2*.service; do
  if [ -f "$file" ]; then set -- "$@" "$file"; fi
done
own=
if [ $# -gt 0 ]; then own=$(sed -n -E 's/^.*(--config[= ]|K3S_CONFIG_FILE=|RKE2_CONFIG_FILE=)["'"'"']?([^ "'"'"']+).*$/\\2/p' "$@" 2>/dev/null); fi
for main in /etc/rancher/k3s/config.yaml /etc/rancher/rke2/config.yaml $own; do
  for file in "$main" "$main.d"/*.yaml "$main.d"/*.yml; do
    if [ -f "$file" ] && [ -r "$file" ]; then block "config $file"; hmac_secrets < "$file"; echo; fi
  done
done
for file in /etc/rancher/k3s/registries.yaml /etc/rancher/rke2/registries.yaml; do
  if [ -f "$file" ]; then block "file $file"; fi
done
for name in kube-apiserver kube-controller-manager etcd kube-scheduler; do
  file=/etc/kubernetes/manifests/$name.yaml
  if [ -r "$file" ]; then block "manifest $name $file"; grep -E '^ +- +--' "$file" | hmac_secrets; fi
done
if [ -r /var/lib/kubelet/config.yaml ]; then block "kubelet /var/lib/kubelet/config.yaml"; hmac_secrets < /var/lib/kubelet/config.yaml; fi
for dir in ${DIRECTORIES.join(' ')}; do
  for entry in "$dir"/* "$dir"/.[!.]* "$dir"/..?*; do
    if [ -e "$entry" ] || [ -h "$entry" ]; then block "directory $dir"; break; fi
  done
done
data=
if [ -d /etc/rancher/k3s ]; then data=$(sed -n 's/^data-dir:[[:space:]]*["'"'"']\\{0,1\\}\\([^"'"'"' ]*\\).*/\\1/p' /etc/rancher/k3s/config.yaml /etc/rancher/k3s/config.yaml.d/*.yaml 2>/dev/null); fi
for dir in /var/lib/rancher/k3s /var/lib/rancher/rke2 $data; do
  if [ -d "$dir/server/db/etcd" ]; then block "store etcd $dir"
  elif [ -f "$dir/server/db/state.db" ]; then block "store sqlite $dir"; fi
done
if [ -d /var/lib/etcd/member ]; then block "store etcd /etc/kubernetes"; fi
block states
${showUnits('$found')}
for name in k3s rke2 kubelet k0s; do
  if has "$name"; then block "version $name"; limit 3 "$name" --version 2>/dev/null || limit 3 "$name" version 2>/dev/null; fi
done
set --
for file in /var/lib/rancher/k3s/server/tls/*.crt /var/lib/rancher/k3s/server/tls/etcd/*.crt /var/lib/rancher/k3s/agent/*.crt \\
  /var/lib/rancher/rke2/server/tls/*.crt /var/lib/rancher/rke2/agent/*.crt \\
  /etc/kubernetes/pki/*.crt /etc/kubernetes/pki/etcd/*.crt /var/lib/kubelet/pki/*.crt /var/lib/kubelet/pki/kubelet-client-current.pem; do
  if [ -r "$file" ]; then set -- "$@" "$file"; fi
done
if [ $# -gt 0 ]; then
  awk 'FNR == 1 { printf "@@ certificate %s\\n", FILENAME; done = 0 }
    /-----BEGIN CERTIFICATE-----/ && !done { show = 1 }
    show { print }
    /-----END CERTIFICATE-----/ && show { show = 0; done = 1 }' "$@"
fi
if has journalctl; then
  for name in $found; do
    block "errors $name"
    limit 2 journalctl -u "$name" -n 300 -o cat --no-pager 2>/dev/null |
      grep -E 'level=(fatal|error)|^[EF][0-9]{4} |[Ff]atal|panic:' | tail -n 10
  done
fi
true`;
