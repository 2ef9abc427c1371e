import { createHmac } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { collectHost } from '../../src/facts/collect-host.js';
import type { HostFacts } from '../../src/facts/model/host-facts.js';
import { hostFactsSchema } from '../../src/facts/model/host-facts.js';
import { systemClock } from '../support/ports.js';
import { scratchHost, type Tree } from '../support/scratch-root.js';

const key = Buffer.alloc(32, 'k');
const hmacOf = (secret: string): string => `hmac:${createHmac('sha256', key).update(secret).digest('hex')}`;

/** Every secret holds this word, so that one search finds them all. */
const C = 'canary';
const tree: Tree = {
  '/etc/rancher/k3s/config.yaml': `# comment
token: ${C}-one
tls-san:
  - api.example
  - 10.0.0.1
agent-token: |
  ${C}-two
datastore-endpoint: "postgres://k3s:${C}-three@db:5432/k3s"
disable: [traefik]
node-label:
  - a=1
disable: [servicelb]
etcd-s3-secret-key: ${C}-four
kube-apiserver-arg:
  - "oidc-client-secret=${C}-five"
flannel-backend: vxlan
`,
  '/etc/rancher/k3s/config.yaml.d/10-more.yaml': `node-label+: [b=2]\ntoken: "${C}-six" # the real one\n`,
  '/etc/rancher/k3s/config.yaml.d/90-cni.yaml': 'flannel-backend: none\ndisable-network-policy: true\n',
  '/etc/rancher/k3s/registries.yaml': `configs:\n  r.example:\n    auth:\n      username: u\n      password: ${C}-seven\n`,
  '/etc/systemd/system/k3s.service': `[Service]
Type=notify
EnvironmentFile=-/etc/systemd/system/k3s.service.env
ExecStartPre=-/sbin/modprobe br_netfilter
ExecStart=/usr/local/bin/k3s \\
    server \\
\t'--cluster-init' \\
\t'--node-ip' \\
\t'10.0.0.1' \\
\t'--agent-token' \\
\t'${C}-eight' \\

`,
  '/etc/systemd/system/k3s.service.d/proxy.conf': `[Service]\nEnvironment="HTTPS_PROXY=http://me:${C}-nine@proxy:3128" "NO_PROXY=10.0.0.0/8"\n`,
  '/etc/systemd/system/k3s.service.env': `K3S_TOKEN='${C}-ten'\nK3S_NODE_NAME=server-1\n`,
  '/etc/environment': `http_proxy="http://${C}-eleven@proxy:3128/"\n`,
  '/etc/apt/apt.conf.d/99proxy': `Acquire::http::Proxy "http://apt:${C}-twelve@proxy:3142";\n`,
  '/var/lib/rancher/k3s/server/db/etcd/member': '',
  '/etc/cni/net.d/calico-kubeconfig': `users:\n- user:\n    token: ${C}-thirteen\n`,
  '/etc/cni/net.d/10-calico.conflist': `{"name":"k8s-pod-network","plugins":[{"type":"calico","policy":{"type":"k8s","k8s_auth_token":"${C}-fourteen"}}]}\n`,
};

let facts: HostFacts;
beforeAll(async () => {
  const host = scratchHost(tree, { https_proxy: `http://x:${C}-fifteen@proxy:1` });
  const collected = await collectHost(
    host,
    { name: 'alpha', address: '10.0.0.1' },
    { clock: systemClock, key, nonce: 'n' },
  );
  facts = collected.facts;
}, 30_000);

describe('facts of a host with secrets everywhere', () => {
  it('hold none of them', () => {
    expect(JSON.stringify(facts).match(/canary-\w+/g) ?? []).toEqual([]);
  });

  it('answer every question in the published shape', () => {
    expect(hostFactsSchema.safeParse(facts).error).toBeUndefined();
    const failed = Object.entries(facts.sections).filter(([, section]) => section.error !== undefined);
    expect(failed).toEqual([]);
  });

  it('merge the configuration by the rules of K3s', () => {
    const [install] = facts.sections.kubernetes?.value?.installs ?? [];
    expect(install).toMatchObject({
      kind: 'k3s',
      role: 'server',
      datastore: 'external',
      unit: 'k3s.service',
    });
    const settings = Object.fromEntries(
      Object.entries(install?.settings ?? {}).map(([name, { value }]) => [name, value]),
    );
    expect(settings).toEqual({
      token: hmacOf('canary-six'),
      'tls-san': ['api.example', '10.0.0.1'],
      'agent-token': hmacOf('canary-eight'),
      'datastore-endpoint': `postgres://${hmacOf('k3s:canary-three')}@db:5432/k3s`,
      disable: ['servicelb'],
      'node-label': ['a=1', 'b=2'],
      'etcd-s3-secret-key': hmacOf('canary-four'),
      'kube-apiserver-arg': [`oidc-client-secret=${hmacOf('canary-five')}`],
      'flannel-backend': 'none',
      'disable-network-policy': 'true',
      'cluster-init': 'true',
      'node-ip': '10.0.0.1',
      'node-name': 'server-1',
    });
  });

  it('name the place that decided a setting, and keys that stand twice', () => {
    const [install] = facts.sections.kubernetes?.value?.installs ?? [];
    expect(install?.settings['flannel-backend']?.origin).toBe('/etc/rancher/k3s/config.yaml.d/90-cni.yaml:1');
    expect(install?.settings['cluster-init']?.origin).toBe('unit');
    expect(install?.duplicates).toEqual([
      { file: '/etc/rancher/k3s/config.yaml', key: 'disable', lines: [9, 12] },
    ]);
  });

  it('keep the proxies without their users', () => {
    const found = facts.sections.proxies?.value?.map(({ name, source }) => `${name} ${source}`);
    expect(found).toEqual(
      expect.arrayContaining([
        'https_proxy environment',
        'http_proxy /etc/environment',
        'HTTPS_PROXY /etc/systemd/system/k3s.service.d/proxy.conf',
        'http_proxy /etc/apt/apt.conf.d/99proxy',
      ]),
    );
  });

  it('show which network the leftover files belong to', () => {
    expect(facts.sections.cni?.value?.files).toContainEqual({
      path: '/etc/cni/net.d/10-calico.conflist',
      name: 'k8s-pod-network',
      type: 'calico',
    });
    expect(facts.sections.traces?.value).toContainEqual({
      owner: 'calico',
      kind: 'file',
      name: '/etc/cni/net.d/calico-kubeconfig',
    });
  });
});
