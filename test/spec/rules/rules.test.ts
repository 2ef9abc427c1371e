/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-call -- specs under test are wrong on purpose, so their drafts have no type */
import { describe, expect, it } from 'vitest';
import { specErrors } from '../../../src/spec/errors.js';
import { specRules } from '../../../src/spec/rules/index.js';
import { type Loose, load, problemsOf, specWith } from '../rig.js';

const app = (more: object = {}): object => ({
  name: 'api',
  namespace: 'n',
  image: 'api:1',
  ports: [{ name: 'http', port: 80 }],
  ...more,
});
const balancer = (more: object = {}): object => ({
  name: 'lb',
  scope: 'public',
  address: '10.0.0.200',
  listeners: [{ name: 'http', port: 80, backends: 'agents' }],
  ...more,
});
const hetzner = { kind: 'hetzner-cloud' };
const agents = (many: number): object[] =>
  Array.from({ length: many }, (_, i) => ({ name: `w${i}`, address: `10.0.0.${i + 20}`, role: 'agent' }));
const vaultFile = (name: string): object => ({ name, value: { path: 'shop/api', key: 'token' } });
const exception = (rule: string, until: string): object => ({
  exceptions: [{ rule, until, reason: 'we know what we do' }],
});

/** For each rule: a change that breaks it, the text its problem points at, and a change nearby that does not. */
const cases: Readonly<
  Record<string, readonly [bad: (s: Loose) => void, points: string, good?: (s: Loose) => void]>
> = {
  'range-host-bits': [(s) => (s.network.nodes = '10.0.0.1/24'), '10.0.0.1/24'],
  'ranges-overlap': [
    (s) => (s.network.services = '10.42.128.0/17'),
    '10.42.128.0/17',
    (s) => (s.network.services = '10.41.0.0/16'),
  ],
  'range-inside-provider': [
    (s) =>
      Object.assign(s.network, {
        services: '10.43.0.0/16',
        provider: { kind: 'other', range: '10.42.0.0/15', routes: true },
      }),
    '10.43.0.0/16',
    (s) => (s.network.provider = { kind: 'other', range: '10.42.0.0/16', routes: true }),
  ],
  'address-in-cluster-range': [
    (s) => (s.hosts[4].address = '10.42.0.9'),
    '10.42.0.9',
    (s) => (s.hosts[4].address = '10.44.0.9'),
  ],
  'host-outside-node-range': [(s) => (s.hosts[3].address = '10.0.7.1'), '10.0.7.1'],
  'range-families': [(s) => (s.network.services = 'fd43::/112'), 'fd43::/112'],
  'pod-range-too-small': [
    (s) => (s.network.pods = '10.42.0.0/23'),
    '10.42.0.0/23',
    (s) => (s.network.pods = '10.42.0.0/22'),
  ],
  'cni-pool': [
    (s) => (s.network.cni = { name: 'calico', pool: '10.44.0.0/17' }),
    '10.44.0.0/17',
    (s) => (s.network.cni = { name: 'calico', pool: '10.42.128.0/17' }),
  ],
  'change-budget': [
    (s) => (s.network.change = { budget: { longest: '10s', total: '9s' } }),
    '9s',
    (s) => (s.network.change = { budget: { longest: '10s', total: '10s' } }),
  ],
  'pods-per-node': [
    (s) => (s.network.nodeMask = 26),
    '26',
    (s) => Object.assign(s.network, { nodeMask: 26, maxPods: 61 }),
  ],
  'service-range-size': [
    (s) => (s.network.services = '11.0.0.0/8'),
    '11.0.0.0/8',
    (s) => (s.network.services = '11.0.0.0/12'),
  ],
  'cluster-dns': [(s) => (s.network.dns = '10.44.0.10'), '10.44.0.10', (s) => (s.network.dns = '10.43.0.53')],
  'cni-installer': [
    (s) => (s.network.cni = { name: 'cilium', by: 'operator' }),
    'operator',
    (s) => (s.network.cni = { name: 'calico', by: 'operator' }),
  ],
  'cni-mode': [
    (s) => (s.network.cni = { name: 'calico', mode: 'tunnel' }),
    'tunnel',
    (s) => (s.network.cni = { name: 'calico', mode: 'ipip' }),
  ],
  'cni-mtu': [
    (s) => Object.assign(s.network, { provider: hetzner, cni: { mtu: 1450 } }),
    '1450',
    (s) => Object.assign(s.network, { provider: hetzner, cni: { mtu: 1400 } }),
  ],
  'kube-proxy-mode': [
    (s) => (s.network.kubeProxy = 'replaced'),
    'replaced',
    (s) => (s.network.kubeProxy = 'nftables'),
  ],
  'kube-proxy-ipvs': [(s) => (s.network.kubeProxy = 'ipvs'), 'ipvs'],
  'direct-routes-on-routed-network': [
    (s) => Object.assign(s.network, { provider: hetzner, cni: { mode: 'host-gw' } }),
    'host-gw',
    (s) =>
      Object.assign(s.network, {
        provider: { ...hetzner, routes: true },
        cni: { name: 'cilium', mode: 'native' },
      }),
  ],
  'ipip-and-provider-firewall': [
    (s) => Object.assign(s.network, { provider: hetzner, cni: { name: 'calico', mode: 'ipip' } }),
    'ipip',
  ],
  'provider-limits': [
    (s) => {
      s.hosts.push(...agents(98));
      s.network.provider = hetzner;
    },
    'hetzner-cloud',
    (s) => {
      s.hosts.push(...agents(96));
      s.network.provider = hetzner;
    },
  ],
  'server-count': [(s) => (s.hosts[2].role = 'agent'), 's2', (s) => s.hosts.splice(1, 2)],
  'duplicate-host-name': [(s) => (s.hosts[4].name = 'a1'), 'a1'],
  'duplicate-host-address': [(s) => (s.hosts[4].address = '10.0.0.11'), '10.0.0.11'],
  'host-label': [
    (s) => (s.hosts[3].labels = { 'node-role.kubernetes.io/worker': 'true' }),
    'node-role',
    (s) => (s.hosts[3].labels = { 'topology.kubernetes.io/zone': 'fsn1', 'example.com/x': '' }),
  ],
  'k3s-version': [
    (s) => (s.distribution.version = 'v1.36.4'),
    'v1.36.4',
    (s) => (s.distribution.version = 'v1.36.4+k3s2'),
  ],
  'kubernetes-version-unknown': [(s) => (s.distribution.version = 'v1.52.0+k3s1'), 'v1.52.0'],
  'kubernetes-end-of-life': [(s) => (s.distribution.version = 'v1.34.2+k3s1'), 'v1.34.2'],
  'kubespray-version': [
    (s) => (s.distribution = { kind: 'kubespray', version: 'master' }),
    'master',
    (s) => (s.distribution = { kind: 'kubespray' }),
  ],
  'k3s-config-owned': [(s) => (s.distribution.config = { 'flannel-backend': 'none' }), 'flannel-backend'],
  'k3s-config-unknown': [
    (s) => (s.distribution.agentConfig = { 'etcd-expose-metrics': true }),
    'etcd-expose',
    (s) => (s.distribution.config = { 'etcd-expose-metrics': true, 'kubelet-arg+': ['v=2'] }),
  ],
  'kubespray-variables': [
    (s) => (s.distribution = { kind: 'kubespray', variables: { network_plugin: 'calico' } }),
    'network_plugin',
    (s) => (s.distribution = { kind: 'kubespray', variables: { kube_owner: 'root' } }),
  ],
  'cni-version': [
    (s) => (s.network.cni = { name: 'calico', version: 'latest' }),
    'latest',
    (s) => (s.network.cni = { name: 'cilium', version: '1.19.4' }),
  ],
  'calico-ipset': [
    (s) => (s.network.cni = { name: 'calico', version: 'v3.31.2' }),
    'v3.31.2',
    (s) => (s.network.cni = { name: 'calico', version: 'v3.30.6' }),
  ],
  'cni-option-dead': [
    (s) => (s.network.cni = { name: 'calico', options: { ipipMode: 'Always' } }),
    'ipipMode',
  ],
  'cni-option-useless': [
    (s) => (s.network.cni = { name: 'cilium', version: '1.14.9', options: { tunnel: 'vxlan' } }),
    'tunnel',
    (s) => (s.network.cni = { name: 'cilium', options: { hubble: {} } }),
  ],
  'cni-source': [
    (s) => (s.network.cni = { name: 'calico', version: 'v3.33.0' }),
    'v3.33.0',
    (s) =>
      (s.network.cni = {
        name: 'calico',
        version: 'v3.33.0',
        source: { kind: 'release', sha256: 'a'.repeat(64) },
      }),
  ],
  'api-endpoint': [
    (s) => {
      s.loadBalancers = [balancer()];
      s.api = { endpoint: '10.0.0.200' };
    },
    'listeners',
    (s) => {
      s.loadBalancers = [balancer({ listeners: [{ name: 'api', port: 6443, backends: 'servers' }] })];
      s.api = { endpoint: '10.0.0.200' };
    },
  ],
  'api-endpoint-single': [
    (s) => (s.api = { endpoint: '10.0.0.1' }),
    '10.0.0.1',
    (s) => (s.api = { endpoint: 'api.example.com' }),
  ],
  'san-needless': [
    (s) => (s.api = { sans: ['10.0.0.1'] }),
    '10.0.0.1',
    (s) => (s.api = { sans: ['api.example.com'] }),
  ],
  resolvers: [
    (s) => (s.preparation = { resolvers: { servers: ['127.0.0.53'] } }),
    '127.0.0.53',
    (s) => (s.preparation = { resolvers: { servers: ['1.1.1.1', '8.8.8.8'] } }),
  ],
  'ingress-nginx-archived': [
    (s) => (s.ingress.controller = 'nginx'),
    'nginx',
    (s) => {
      s.ingress.controller = 'nginx';
      s.policy = exception('ingress-nginx-archived', '2026-11-21');
    },
  ],
  'ingress-not-on-every-node': [
    (s) => {
      s.loadBalancers = [balancer()];
      s.ingress.kind = 'Deployment';
    },
    'Deployment',
    (s) => (s.loadBalancers = [balancer()]),
  ],
  'duplicate-name': [
    (s) => (s.applications = [app(), app()]),
    'api',
    (s) => (s.applications = [app(), app({ namespace: 'm' })]),
  ],
  'unknown-reference': [
    (s) => (s.applications = [app({ needs: ['redis'] })]),
    'redis',
    (s) => {
      s.applications = [app({ needs: ['redis'] })];
      s.externalServices = [{ name: 'redis', kind: 'redis', hosts: ['db'], port: 6379 }];
    },
  ],
  'unknown-secret': [
    (s) => (s.applications = [app({ env: { P: { secret: 'db', key: 'password' } } })]),
    'db',
    (s) => {
      s.applications = [app({ env: { P: { secret: 'db', key: 'password' } } })];
      s.secrets = { declared: [{ name: 'db', keys: ['password'] }] };
    },
  ],
  'secret-in-plain-text': [
    (s) => (s.applications = [app({ env: { API_TOKEN: 'abc' } })]),
    'API_TOKEN',
    (s) => (s.applications = [app({ env: { TOKEN_TTL: '5m' } })]),
  ],
  'app-host-twice': [
    (s) =>
      (s.applications = [
        app({ ingress: { hosts: ['x.io'] } }),
        app({ name: 'b', ingress: { hosts: ['x.io'] } }),
      ]),
    'x.io',
    (s) =>
      (s.applications = [
        app({ ingress: { hosts: ['x.io'] } }),
        app({ name: 'b', ingress: { hosts: ['x.io'], path: '/b' } }),
      ]),
  ],
  'app-name-taken': [
    (s) => {
      s.externalServices = [{ name: 'api', kind: 'other', endpoint: '10.0.0.9', port: 80 }];
      s.applications = [app({}), app({ name: 'web', needs: ['api'] })];
    },
    'api',
    (s) => {
      s.externalServices = [{ name: 'api', kind: 'other', endpoint: '10.0.0.9', port: 80 }];
      s.applications = [app({}), app({ name: 'web', namespace: 'other', needs: ['api'] })];
    },
  ],
  'app-need-disabled': [
    (s) => (s.applications = [app({ enabled: false }), app({ name: 'web', needs: ['api'] })]),
    'api',
    (s) => (s.applications = [app({ enabled: false }), app({ name: 'web', enabled: false, needs: ['api'] })]),
  ],
  'vault-undeclared': [
    (s) => (s.applications = [app({ vault: { files: [vaultFile('a')] } })]),
    'vault',
    (s) => {
      s.vault = { address: 'https://10.0.0.150:8200' };
      s.applications = [app({ vault: { files: [vaultFile('a')] } })];
    },
  ],
  'vault-file': [
    (s) => {
      s.vault = { address: 'https://10.0.0.150:8200' };
      s.applications = [app({ vault: { files: [vaultFile('a'), vaultFile('b'), vaultFile('b')] } })];
    },
    'b',
    (s) => {
      s.vault = { address: 'https://10.0.0.150:8200' };
      s.applications = [app({ vault: { files: [vaultFile('a'), vaultFile('b')] } })];
    },
  ],
  'app-secret-unprovided': [
    (s) => (s.applications = [app({ pullSecret: 'registry' })]),
    'registry',
    (s) => {
      s.secrets = { declared: [{ name: 'registry', keys: ['.dockerconfigjson'] }] };
      s.applications = [app({ pullSecret: 'registry' })];
    },
  ],
  'ingress-annotation-lost': [
    (s) => {
      const annotations = { 'nginx.ingress.kubernetes.io/proxy-body-size': '8m' };
      s.applications = [app({ ingress: { hosts: ['x.io'], annotations } })];
    },
    '8m',
    (s) => {
      const annotations = { 'nginx.ingress.kubernetes.io/proxy-body-size': '0', other: 'yes' };
      s.applications = [app({ ingress: { hosts: ['x.io'], annotations } })];
    },
  ],
  'app-needs-cycle': [
    (s) => (s.applications = [app({ needs: ['b'] }), app({ name: 'b', needs: ['api'] })]),
    'needs',
  ],
  'app-port-unknown': [
    (s) => (s.applications = [app({ probes: { readiness: { port: 'metrics' } } })]),
    'metrics',
    (s) =>
      (s.applications = [app({ probes: { readiness: { port: 'http' }, liveness: { command: ['true'] } } })]),
  ],
  'app-hpa': [
    (s) => (s.applications = [app({ hpa: { max: 5 } })]),
    'hpa',
    (s) => (s.applications = [app({ hpa: { max: 5 }, resources: { requests: { cpu: '100m' } } })]),
  ],
  'app-without-ingress': [
    (s) => {
      s.ingress.controller = 'none';
      s.applications = [app({ ingress: { hosts: ['x.io'] } })];
    },
    'ingress',
  ],
  'image-moves': [
    (s) => (s.applications = [app({ image: 'host:5000/api' })]),
    'host:5000/api',
    (s) => (s.applications = [app({ image: `x@sha256:${'a'.repeat(64)}` })]),
  ],
  'acceptance-url-unserved': [
    (s) => {
      s.applications = [app({ ingress: { hosts: ['x.io'] } })];
      s.acceptance = { urls: [{ url: 'https://y.io/health' }] };
    },
    'https://y.io',
    (s) => {
      s.applications = [app({ ingress: { hosts: ['x.io', '*.z.io'] } })];
      s.acceptance = { urls: [{ url: 'https://x.io/health' }, { url: 'https://a.z.io' }] };
    },
  ],
  'external-service-endpoint': [
    (s) => (s.externalServices = [{ name: 'redis', kind: 'redis', port: 6379 }]),
    'redis',
    (s) =>
      (s.externalServices = [{ name: 'redis', kind: 'redis', port: 6379, endpoint: 'redis.example.com' }]),
  ],
  'load-balancer-address': [
    (s) => (s.loadBalancers = [balancer({ address: undefined })]),
    'lb',
    (s) => (s.loadBalancers = [balancer({ address: undefined, host: 'db' })]),
  ],
  'monitoring-login': [
    (s) => (s.monitoring = { enabled: true }),
    'true',
    (s) => (s.monitoring = { enabled: true, grafana: { enabled: false } }),
  ],
  'load-balancer-manage': [
    (s) =>
      (s.loadBalancers = [balancer({ manage: true, provider: 'haproxy', address: undefined, host: 's1' })]),
    'true',
    (s) =>
      (s.loadBalancers = [balancer({ manage: true, provider: 'haproxy', address: undefined, host: 'db' })]),
  ],
  'exception-ended': [
    (s) => (s.policy = exception('no-node-port', '2026-11-20')),
    '2026-11-20',
    (s) => (s.policy = exception('no-node-port', '2026-11-21')),
  ],
  'lab-firewall': [
    (s) => (s.lab = { firewall: { rules: [] } }),
    'firewall',
    (s) =>
      (s.lab = {
        network: 'routed',
        firewall: { rules: [{ protocol: 'udp', port: '8472', addresses: ['10.0.0.0/24'] }] },
      }),
  ],
};

describe('a spec without problems', () => {
  it('has none', async () => {
    expect(problemsOf(await load(specWith()))).toEqual([]);
  });
});

describe.each(specRules.map((rule) => [rule.code, rule] as const))('%s', (code, rule) => {
  const found = cases[code];
  it('is found, and points at its cause', async () => {
    if (found === undefined) throw new Error(`${code} has no case`);
    const problems = problemsOf(await load(specWith(found[0])));
    expect([...new Set(problems.map((problem) => problem.code))]).toEqual([code]);
    const [problem] = problems;
    expect(problem?.severity).toBe(rule.severity);
    expect(problem?.location?.text?.slice(problem.location.column - 1)).toContain(found[1]);
  });

  it('is silent about what is right', async () => {
    const good = found?.[2];
    expect(problemsOf(await load(specWith(good)))).toEqual([]);
  });

  it('is explained', () => {
    expect(specErrors[code]?.explain.length).toBeGreaterThan(80);
    expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });
});

describe('exceptions', () => {
  it('accept what may be accepted, with their reason, until their day', async () => {
    const spec = (until: string) =>
      specWith((s: Loose) => {
        s.ingress.controller = 'nginx';
        s.policy = exception('ingress-nginx-archived', until);
      });
    const accepted = await load(spec('2026-11-21'));
    expect(accepted.ok && accepted.value.accepted).toMatchObject([
      { code: 'ingress-nginx-archived', reason: 'we know what we do' },
    ]);
    const ended = problemsOf(await load(spec('2026-11-20')));
    expect(ended.map(({ code }) => code)).toEqual(['ingress-nginx-archived', 'exception-ended']);
  });

  it('do not accept what cannot work', async () => {
    const outcome = await load(
      specWith((s: Loose) => {
        s.network.services = '10.42.0.0/16';
        s.policy = exception('ranges-overlap', '2030-01-01');
      }),
    );
    expect(problemsOf(outcome).map(({ code }) => code)).toEqual(['ranges-overlap', 'exception-refused']);
  });
});
