import { REAL_K3S } from '../behaviour.js';
import { type Bed, makeBed } from '../rig.js';

/** server-1 and agent-1 are a cluster; agent-2 is a host outside it: the registry, and whoever must be refused. */
export const SERVER = '10.92.0.11';
export const OUTSIDER = '10.92.0.22';
/** Addresses of the second network card. */
export const SERVER_NIC2 = '10.92.1.11';
export const AGENT_NIC2 = '10.92.1.21';

/** Registries on the outsider: with TLS and a password, and without. */
export const SAFE_REGISTRY = `${OUTSIDER}:5000`;
export const PLAIN_REGISTRY = `${OUTSIDER}:5001`;

const CONFIG = `
cluster-init: true
token: never
token: first-secret
agent-token: agent-secret
node-name: never
node-ip: ${SERVER}
flannel-iface: nic2
write-kubeconfig-mode: "0600"
tls-san: [gone.example]
node-label: [from.example/file=yes, kept.example/file=yes]
secrets-encryption: true
disable: [traefik, servicelb]
nonsense-key: 1
etcd-snapshot-schedule-cron: "@every 10s"
etcd-snapshot-retention: 2
kube-apiserver-arg: [default-not-ready-toleration-seconds=33, enable-admission-plugins+=ExtendedResourceToleration]
kube-controller-manager-arg: [node-cidr-mask-size=25]
kube-scheduler-arg: [leader-elect-resource-name=suite-scheduler]
kubelet-arg: [max-pods=77]
kube-proxy-arg: [metrics-bind-address=127.0.0.1:10349]
etcd-arg: [quota-backend-bytes=1234567168]
node-external-ip: 192.0.2.7
`;

const PATH = '/etc/rancher/k3s/config.yaml';
const TEMPLATE = '/var/lib/rancher/k3s/agent/etc/containerd/config.toml.tmpl';

const serverFiles = {
  [PATH]: CONFIG,
  [`${PATH}.d/10-first.yaml`]:
    'node-name: never\ntls-san: [one.example]\nnode-label+: [added.example/drop-in=yes]\n',
  [`${PATH}.d/20-second.yaml`]: 'node-name: server-1\ntls-san+: [two.example]\n',
  [`${PATH}.d/30-ignored.txt`]: 'node-name: never\n',
};

const agentConfig = (token: string): string => `
server: https://${SERVER}:6443
token: ${token}
node-name: Agent-1
flannel-iface: nic2
node-label: [role.example/suite=agent]
node-taint: [dedicated.example/suite=yes:NoSchedule]
protect-kernel-defaults: true
resolv-conf: /etc/suite-resolv.conf
`;

const DROP_IN = `apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
podPidsLimit: 1234
`;

const mirrors = (authority: string): string => `
mirrors:
  docker.io:
    endpoint: ["https://${SAFE_REGISTRY}"]
  plain.example:
    endpoint: ["http://${PLAIN_REGISTRY}"]
  "*":
    endpoint: ["http://${PLAIN_REGISTRY}"]
configs:
  "${SAFE_REGISTRY}":
    auth: { username: suite, password: pulled }
    tls: { ca_file: ${authority} }
`;

/** A second network card that reaches the other hosts' second cards. */
const addCard = (bed: Bed, host: string, address: string): Promise<string> =>
  bed.on(
    host,
    `ip link add nic2 link host0 type macvlan mode bridge; ip addr add ${address}/24 dev nic2; ip link set nic2 up`,
  );

export const startServer = async (bed: Bed): Promise<void> => {
  await addCard(bed, 'server-1', SERVER_NIC2);
  await bed.install('server-1', {
    role: 'server',
    // A template that K3s would read would leave containerd without its configuration.
    files: REAL_K3S === undefined ? { ...serverFiles, [TEMPLATE]: '# template of the suite\n' } : serverFiles,
    images: {
      pause: 'tar',
      busybox: 'tar.gz',
      coredns: 'tar.zst',
      'local-path-provisioner': 'tar',
      'metrics-server': 'tar',
    },
    flags: '--write-kubeconfig-mode 640',
    env: 'K3S_NODE_NAME=never\nK3S_KUBECONFIG_OUTPUT=/etc/rancher/k3s/admin.yaml\n',
  });
  await bed.on('server-1', 'systemctl start k3s');
};

/** Joins agent-1 with the full token that the server keeps for agents. */
export const startAgent = async (bed: Bed): Promise<void> => {
  const token = await bed.on('server-1', 'cat /var/lib/rancher/k3s/server/node-token');
  const authority = '/etc/rancher/k3s/suite-ca.crt';
  await addCard(bed, 'agent-1', AGENT_NIC2);
  await bed.install('agent-1', {
    role: 'agent',
    files: {
      [PATH]: agentConfig(token),
      '/etc/rancher/k3s/registries.yaml': mirrors(authority),
      [authority]: await bed.on('agent-2', 'cat /opt/registry/tls.crt'),
      '/var/lib/rancher/k3s/agent/etc/kubelet.conf.d/50-suite.conf': DROP_IN,
      '/etc/suite-resolv.conf': 'nameserver 192.0.2.53\n',
    },
    images: { pause: 'tar.zst' },
  });
  await bed.on('agent-1', 'systemctl start k3s-agent');
};

export const makeHosts = (): Promise<Bed> =>
  makeBed({ name: 'k3s-one', net: '10.92.0', servers: 1, agents: 2 });
