/* eslint-disable @typescript-eslint/no-unsafe-member-access -- specs under test are wrong on purpose, so their drafts have no type */
import type { Cases } from './case.js';
import { exception } from './exception.js';

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
const vaultFile = (name: string): object => ({ name, value: { path: 'shop/api', key: 'token' } });

/** The API, and what runs on the cluster. */
export const platform: Cases = {
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
