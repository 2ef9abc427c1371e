import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootOn } from './cluster.js';

export const MEMBERS = ['server-1', 'server-2', 'server-3', 'agent-1'];
export const BALANCER = '10.79.0.10';
const ADDRESSES: Readonly<Record<string, string>> = {
  lb: BALANCER,
  'server-1': '10.79.0.11',
  'server-2': '10.79.0.12',
  'server-3': '10.79.0.13',
  'server-4': '10.79.0.14',
  'agent-1': '10.79.0.21',
  'agent-2': '10.79.0.22',
  'agent-3': '10.79.0.23',
};

/** What the spec says about single nodes. */
const MARKS: Readonly<Record<string, string>> = {
  'agent-3':
    ', purpose: observability, labels: { disk: slow }, taints: [{ key: heavy, value: "yes", effect: NoSchedule }]',
};

/** Clusters take half a minute longer by default to give a node up. */
const QUICK = '{ kube-controller-manager-arg: [node-monitor-grace-period=24s] }';
const HEALTH = '{ interval: 1s, timeout: 1s, retries: 2 }';

export interface JourneyChoice {
  /** Members of the cluster; all other hosts are there, but not part of it. */
  readonly members: readonly string[];
  /** Snapshots of etcd that are kept: a setting of servers, which restart for a new one. */
  readonly retention?: number;
}

/** A cluster of three servers behind a balancer, and hosts that may come to it. */
export const journeySpec = (lab: string, { members, retention = 5 }: JourneyChoice): string =>
  [
    'apiVersion: drover/v1',
    'kind: Cluster',
    `metadata: { name: ${lab} }`,
    'spec:',
    '  hosts:',
    ...Object.entries(ADDRESSES).map(([name, address]) => {
      const role = members.includes(name) ? name.replace(/-\d$/, '') : 'external';
      return `    - { name: ${name}, address: ${address}, role: ${role}${MARKS[name] ?? ''} }`;
    }),
    `  api: { endpoint: ${BALANCER}, kubeconfig: { context: journey } }`,
    `  distribution: { kind: k3s, snapshots: { retention: ${retention} }, config: ${QUICK} }`,
    '  loadBalancers:',
    '    - name: lb',
    '      scope: internal',
    '      provider: haproxy',
    '      host: lb',
    `      listeners: [{ name: api, port: 6443, backends: servers, health: ${HEALTH} }]`,
    `  acceptance: { urls: [{ url: 'https://${BALANCER}:6443/ping', from: [outside], insecure: true }] }`,
    '  addons: { coredns: { replicas: 2 } }',
    '  ingress: { controller: none }',
    '  network:',
    '    nodes: 10.79.0.0/24',
    '  lab:',
    `    external: [${Object.keys(ADDRESSES)
      .filter((name) => !members.includes(name))
      .join(', ')}]`,
    '',
  ].join('\n');

/** Installs HAProxy on the balancer, with the configuration that Drover writes. */
export const startBalancer = async (lab: string, folder: string): Promise<void> => {
  const config = (await readFile(join(folder, 'haproxy.cfg'))).toString('base64');
  const install = 'apt-get -qq update && apt-get -qq install -y haproxy >/dev/null 2>&1';
  const place = `echo ${config} | base64 -d >/etc/haproxy/haproxy.cfg && haproxy -c -f /etc/haproxy/haproxy.cfg`;
  await rootOn(lab, 'lb', `${install} && ${place} && systemctl restart haproxy`, folder);
};
