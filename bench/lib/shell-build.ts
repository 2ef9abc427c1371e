import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchLab } from './lab.js';
import { once } from './measure.js';

export interface ShellBuild {
  /** Path of the K3s binary on this machine. */
  readonly binary: string;
  /** Paths of image archives. */
  readonly images: readonly string[];
  readonly servers: number;
}

/** What many a team has in its repository: host after host over ssh, and waiting for each node with a loop. */
const scriptText = (lab: BenchLab, { binary, images, servers }: ShellBuild): string => `#!/bin/sh -e
SSH="ssh -F ${lab.sshConfig} -o BatchMode=yes"
SCP="scp -q -F ${lab.sshConfig} -o BatchMode=yes"
FIRST=${lab.hosts[0]}
TOKEN=benchmark-token-of-the-script

prepare() {
  $SSH root@$1 'swapoff -a; modprobe -a br_netfilter overlay 2>/dev/null || true
    printf "net.ipv4.ip_forward = 1\\nnet.bridge.bridge-nf-call-iptables = 1\\n" >/etc/sysctl.d/90-k3s.conf
    sysctl -q -p /etc/sysctl.d/90-k3s.conf 2>/dev/null || true
    mkdir -p /etc/rancher/k3s /var/lib/rancher/k3s/agent/images'
  $SCP ${binary} root@$1:/usr/local/bin/k3s
  $SCP ${images.join(' ')} root@$1:/var/lib/rancher/k3s/agent/images/
}
install() {
  $SSH root@$1 "cat >/etc/rancher/k3s/config.yaml; chmod 755 /usr/local/bin/k3s
cat >/etc/systemd/system/$3.service <<X
[Unit]
After=network-online.target
[Service]
Type=$4
EnvironmentFile=-/etc/systemd/system/$3.service.env
KillMode=process
Delegate=yes
LimitNOFILE=infinity
TasksMax=infinity
TimeoutStartSec=0
Restart=always
RestartSec=5s
ExecStart=/usr/local/bin/k3s $2
[Install]
WantedBy=multi-user.target
X
systemctl daemon-reload; systemctl enable -q $3; systemctl start $3"
}
ready() {
  until $SSH root@$FIRST "k3s kubectl get node $1 --no-headers 2>/dev/null | grep -q ' Ready'"; do sleep 1; done
}
n=0
for host in ${lab.hosts.join(' ')}; do
  n=$((n + 1))
  prepare $host
  if [ $n -eq 1 ]; then
    name=server-$n; printf 'cluster-init: true\\ntoken: %s\\nnode-name: %s\\nnode-ip: %s\\n' $TOKEN $name $host | install $host server k3s notify
  elif [ $n -le ${servers} ]; then
    name=server-$n; printf 'server: https://%s:6443\\ntoken: %s\\nnode-name: %s\\nnode-ip: %s\\n' $FIRST $TOKEN $name $host | install $host server k3s notify
  else
    name=agent-$n; printf 'server: https://%s:6443\\ntoken: %s\\nnode-name: %s\\nnode-ip: %s\\n' $FIRST $TOKEN $name $host | install $host agent k3s-agent exec
  fi
  ready $name
done
`;

/** Milliseconds that the script takes on fresh hosts of a lab. */
export const shellBuild = (lab: BenchLab, build: ShellBuild): number => {
  const path = join(mkdtempSync(join(tmpdir(), 'drover-bench-')), 'build.sh');
  writeFileSync(path, scriptText(lab, build), { mode: 0o755 });
  return once({ command: ['nsenter', `--net=${lab.netns}`, '--', 'sh', path] });
};
