import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kube } from '../../src/core/ports/kube.js';
import type { CheckResult } from '../../src/verify/check.js';
import { EXPIRES, NAMESPACE_PREFIX } from '../../src/verify/probe-objects.js';
import type { Proof } from '../../src/verify/proof.js';
import { DEPLOYMENTS, NAMESPACES, STORAGE_CLASSES } from '../../src/verify/resources.js';
import { doctor, drover, must, specFolder, startDrover } from './support/cli.js';
import { alive, eventually, image, kubeOf, NODES, rootOn, value } from './support/cluster.js';
import { addExternalHost } from './support/external-host.js';
import { installServices } from './support/services-outside.js';

const LAB = 'it-verify';
const SERVERS = ['server-1', 'server-2', 'server-3'];
const ALL = [...SERVERS, 'agent-1'];
const BALANCER = '10.79.0.10';
let folder: string;
let kube: Kube;

const on = (host: string, command: string): Promise<string> => rootOn(LAB, host, command, folder);

/** Balancer and services share a host here, so that it listens on other ports than they do. */
const BALANCERS = `  secrets: { declared: [{ name: redis, keys: [password] }] }
  loadBalancers:
    - name: lb
      scope: internal
      provider: haproxy
      host: lb
      listeners:
        - { name: api, port: 6443, backends: servers, health: { interval: 1s, timeout: 1s, retries: 2 } }
`;
const LISTENERS = `        - { name: postgres, port: 15432, targetPort: 5432, backends: [lb] }
        - { name: redis, port: 16379, targetPort: 6379, backends: [lb] }
        - { name: cache, port: 16380, targetPort: 6380, backends: [lb] }
        - { name: rabbitmq, port: 15672, targetPort: 5672, backends: [lb] }
        - { name: mariadb, port: 13306, targetPort: 3306, backends: [lb] }
        - { name: minio, port: 19000, targetPort: 9000, backends: [lb] }
`;
const PASSWORD = '{ password: { secret: redis, key: password } }';
const servicesWith = (ca: string): string => `  externalServices:
    - { name: postgres, kind: postgresql, port: 15432, loadBalancer: lb, tls: true, ca: ${JSON.stringify(`${ca}\n`)} }
    - { name: redis, kind: redis, port: 16379, loadBalancer: lb, credentials: ${PASSWORD} }
    - { name: cache, kind: redis, port: 16380, loadBalancer: lb }
    - { name: rabbitmq, kind: rabbitmq, port: 15672, loadBalancer: lb }
    - { name: mariadb, kind: mariadb, port: 13306, loadBalancer: lb }
    - { name: minio, kind: minio, port: 19000, loadBalancer: lb, tls: true, ca: ${JSON.stringify(`${ca}\n`)} }
`;
const SERVICES = ['postgres', 'redis', 'cache', 'rabbitmq', 'mariadb', 'minio'];

/** Puts in place what Drover writes for the balancer of the spec. */
const installHaproxy = async (): Promise<void> => {
  const config = Buffer.from(`${await must(['balancer', 'lb'], folder)}\n`).toString('base64');
  await on('lb', 'apt-get -qq update && apt-get -qq install -y haproxy >/dev/null 2>&1');
  await on(
    'lb',
    `echo ${config} | base64 -d >/etc/haproxy/haproxy.cfg && systemctl reload-or-restart haproxy`,
  );
};

let installing: Promise<string>;

beforeAll(async () => {
  const more = `${BALANCERS}  api: { endpoint: ${BALANCER} }\n  ingress: { controller: none }\n  preparation: { docker: remove }\n  acceptance:\n    urls: [{ url: 'https://10.79.0.10:6443/ping', from: [outside], insecure: true }]`;
  folder = await specFolder({ name: LAB, net: '10.79.0', servers: 3, agents: 1, more });
  await addExternalHost(folder, 'lb', BALANCER);
  await must(['lab', 'up', '--cluster', '--timeout', '600'], folder);
  kube = await kubeOf(LAB, folder);
  await installHaproxy();
  installing = installServices({ lab: LAB, host: 'lb', folder }, BALANCER);
  // Awaited by the test that needs it.
  installing.catch(() => undefined);
});
afterAll(async () => {
  kube.close();
  await drover(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true });
});

const ARGUMENTS = ['verify', '--lab', LAB, '-o', 'json', '-q', '--timeout', '30s'];

interface Verified {
  readonly status: number;
  readonly stderr: string;
  readonly proof: Proof;
}

const verify = async (): Promise<Verified> => {
  const done = await drover(ARGUMENTS, folder);
  try {
    return { ...done, proof: JSON.parse(done.stdout) as Proof };
  } catch {
    throw new Error(`verify: ${done.status}\n${done.stdout}\n${done.stderr}`);
  }
};

const failed = ({ proof }: Verified): readonly CheckResult[] =>
  proof.results.filter(({ status }) => status === 'fail');
const failedChecks = (run: Verified): readonly string[] => [
  ...new Set(failed(run).map(({ check }) => check)),
];
/** `agent-1`, or `agent-1>server-1` for pairs. */
const failedAt = (run: Verified, check: string): readonly string[] =>
  failed(run)
    .filter((result) => result.check === check)
    .map(({ node = '', to }) => (to === undefined ? node : `${node}>${to}`))
    .sort();
const statusOf = (run: Verified, check: string): readonly string[] =>
  run.proof.results.filter((result) => result.check === check).map(({ status }) => status);

/** The command enters the lab in a child: both are gone at once, as on a power cut. */
const killWithChildren = async (pid: number): Promise<void> => {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  for (const each of [pid, ...children.trim().split(' ').map(Number)]) process.kill(each, 'SIGKILL');
};

const leftovers = async (): Promise<readonly string[]> => {
  const names: string[] = [];
  for await (const page of kube.list(NAMESPACES)) {
    const left = value(page).items.filter(
      ({ metadata }) =>
        metadata.name.startsWith(NAMESPACE_PREFIX) && metadata['deletionTimestamp'] === undefined,
    );
    names.push(...left.map(({ metadata }) => metadata.name));
  }
  return names;
};

const scale = async (name: string, replicas: number): Promise<void> => {
  const ref = { resource: DEPLOYMENTS, namespace: 'kube-system', name };
  value(await kube.patch(ref, { spec: { replicas } }, { type: 'merge' }));
};
const markDefault = async (marked: boolean): Promise<void> => {
  const annotations = { 'storageclass.kubernetes.io/is-default-class': String(marked) };
  const ref = { resource: STORAGE_CLASSES, name: 'local-path' };
  value(await kube.patch(ref, { metadata: { annotations } }, { type: 'merge' }));
};
const filter = (host: string, rule: string): Promise<string> =>
  on(
    host,
    [
      'nft add table inet sabotage',
      "nft add chain inet sabotage input '{ type filter hook input priority -200; }'",
      `nft add rule inet sabotage input '${rule}'`,
    ].join(' && '),
  );
const heal = (host: string): Promise<string> => on(host, 'nft delete table inet sabotage');

describe('a cluster that works', () => {
  it('passes every check through servers and balancer, keeps the proof and leaves nothing', async () => {
    let run = await verify();
    // Right after the start metrics and DNS may be late once.
    await expect
      .poll(
        async () => {
          if (run.status !== 0) run = await verify();
          return failed(run).map(({ check, node, detail }) => ({ check, node, detail }));
        },
        { timeout: 300_000 },
      )
      .toEqual([]);
    expect(run.status, run.stderr).toBe(0);
    expect(statusOf(run, 'api-balancer')).toEqual(['pass']);
    expect(statusOf(run, 'pod-to-pod-large')).toHaveLength(16);
    expect(statusOf(run, 'url')).toEqual(['pass']);
    expect(statusOf(run, 'spec-section')).toEqual(['not-managed']);
    expect(run.proof.notManaged).toBe(1);
    expect(await leftovers()).toEqual([]);
    const told = await drover(['verify', '--lab', LAB, '--timeout', '30s'], folder);
    expect(told.stdout).toContain('– spec.preparation.docker: not managed by this version');
    const [, path = ''] = /^proof +(\S+)$/m.exec(told.stdout) ?? [];
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((JSON.parse(await readFile(path, 'utf8')) as Proof).failed).toBe(0);
  });

  it('loses what a killed verification left when that has expired; an interrupted one cleans up itself', async () => {
    const killed = startDrover(ARGUMENTS, folder);
    await expect.poll(async () => (await leftovers()).length, { timeout: 300_000, interval: 50 }).toBe(1);
    await killWithChildren(killed.pid ?? 0);
    await killed;
    const [left = ''] = await leftovers();
    const annotations = { [EXPIRES]: '2020-01-01T00:00:00Z' };
    const ref = { resource: NAMESPACES, name: left };
    value(await kube.patch(ref, { metadata: { annotations } }, { type: 'merge' }));
    const next = startDrover(ARGUMENTS, folder);
    await expect
      .poll(async () => (await leftovers()).map((name) => name === left), {
        timeout: 300_000,
        interval: 50,
      })
      .toEqual([false]);
    next.kill('SIGTERM');
    expect((await next).exitCode).toBe(143);
    await expect.poll(leftovers, { timeout: 300_000 }).toEqual([]);
  });
});

describe('services outside of a cluster', () => {
  const edit = async (change: (text: string) => string): Promise<void> => {
    const file = join(folder, 'drover.yaml');
    await writeFile(file, change(await readFile(file, 'utf8')));
  };

  it('are known by what they say from every node and from a pod, through a balancer that knows them, too', async () => {
    const services = servicesWith(await installing);
    await edit((text) =>
      text
        .replace('  loadBalancers:\n', `${services}  loadBalancers:\n`)
        .replace(/( {8}- \{ name: api,.*\n)/, `$1${LISTENERS}`),
    );
    await installHaproxy();
    let run = await verify();
    // The balancer takes a service for healthy after two checks, with seconds between.
    await expect
      .poll(
        async () => {
          if (run.status !== 0) run = await verify();
          return failed(run).map(({ check, node, to, detail }) => ({ check, node, to, detail }));
        },
        { timeout: 300_000 },
      )
      .toEqual([]);
    const said = (check: string, node: string) =>
      run.proof.results
        .filter((result) => result.check === check && result.node === node)
        .map(({ to = '', detail }) => `${to}: ${detail}`);
    const words = [
      'postgres: PostgreSQL, with TLS',
      'redis: Redis, asks for a password',
      'cache: Redis, asks for no password',
      'rabbitmq: AMQP 0-9-1',
      'mariadb: MySQL protocol',
      'minio: status 200',
    ];
    for (const node of ALL) {
      expect(said('service-answers', node)).toEqual(words);
      expect(said('service-certificate', node)).toEqual([
        expect.stringMatching(/^postgres: .*Databases CA, until .* days\)$/),
        expect.stringMatching(/^minio: minio, issued by Databases CA, until .* days\)$/),
      ]);
    }
    expect(said('service-from-pod', 'pod')).toEqual(words);
    expect(statusOf(run, 'balancer-health')).toHaveLength(SERVERS.length + SERVICES.length);
    const { stdout: told } = await drover(['doctor', '--lab', LAB], folder);
    expect(told).toContain('Services outside the cluster');
    expect(told).toMatch(/✓ postgres +10\.79\.0\.10:15432 +PostgreSQL, with TLS; postgres, issued by/);
    expect(told).toMatch(/✓ minio +10\.79\.0\.10:19000 +status 200; minio, issued by Databases CA/);
    expect(told).not.toMatch(/service-(not-answering|certificate|name-unknown)/);
  });

  it('fail by name where one stands still, another is not what it shall be, and a CA is not trusted', async () => {
    await on(
      'lb',
      'systemctl stop rabbitmq-server cache && systemd-run --quiet --unit=cache python3 -m http.server 6380',
    );
    await edit((text) => text.replace(/, ca: "[^"]*"/, ''));
    await expect
      .poll(
        async () => {
          const run = await verify();
          return [...new Set(failed(run).map(({ check, to = '' }) => `${check} ${to}`))].sort();
        },
        { timeout: 300_000 },
      )
      .toEqual([
        'balancer-health ',
        'service-answers cache',
        'service-answers rabbitmq',
        'service-certificate postgres',
        'service-from-pod cache',
        'service-from-pod rabbitmq',
      ]);
    const { findings } = await doctor(LAB, folder);
    const found = findings.filter(({ code }) => code.startsWith('service-'));
    expect(found.map(({ code, hosts, severity }) => [code, hosts, severity])).toEqual([
      ['service-certificate', [...ALL].sort(), 'warning'],
      ['service-not-answering', [...ALL].sort(), 'warning'],
      ['service-not-answering', [...ALL].sort(), 'warning'],
    ]);
    await edit((text) =>
      text.replace(/ {2}externalServices:\n(?: {4}- .*\n)+/, '').replace(/ {8}- \{ name: (?!api).*\n/g, ''),
    );
  });
});

describe('a cluster that is broken', () => {
  it('fails where the balancer, an add-on, the default class or a kubelet’s port is gone', async () => {
    await Promise.all([
      on('lb', 'systemctl stop haproxy'),
      scale('metrics-server', 0),
      markDefault(false),
      filter('agent-1', 'tcp dport 10250 reject with tcp reset'),
    ]);
    const run = await verify();
    await Promise.all([
      on('lb', 'systemctl start haproxy'),
      scale('metrics-server', 1),
      markDefault(true),
      heal('agent-1'),
    ]);
    expect(run.status).toBe(3);
    expect(failedAt(run, 'api-balancer')).toEqual(['lb']);
    expect(failedAt(run, 'url')).toEqual(['outside>https://10.79.0.10:6443/ping']);
    expect(failedChecks(run)).toEqual(
      expect.arrayContaining(['addon-metrics-server', 'metrics-api', 'default-class', 'volume']),
    );
    expect(failedAt(run, 'exec')).toEqual(['agent-1', 'agent-1']);
    expect(failedAt(run, 'logs')).toEqual(['agent-1']);
    expect(failedAt(run, 'host-to-host')).toEqual(SERVERS.map((server) => `${server}>agent-1`));
    expect(failedAt(run, 'pod-to-pod')).toEqual([]);
    expect(failedAt(run, 'api-server')).toEqual([]);
  });

  it('fails where tunnels, full packets, kube-proxy or DNS are broken, and says why', async () => {
    const jumps =
      'for c in PREROUTING OUTPUT; do iptables -t nat -D $c -m comment --comment "kubernetes service portals" -j KUBE-SERVICES; done';
    await Promise.all([
      must(['lab', 'break', 'vxlan-blocked', '--host', 'agent-1', '--lab', LAB], folder),
      filter('server-3', 'udp dport 8472 meta length > 1300 drop'),
      on('server-2', jumps),
      scale('coredns', 0),
    ]);
    const run = await verify();
    await Promise.all([
      must(['lab', 'heal', '--lab', LAB], folder),
      heal('server-3'),
      on('server-2', 'systemctl restart k3s'),
      scale('coredns', 1),
    ]);
    expect(run.status).toBe(3);
    const cut = SERVERS.flatMap((server) => [`agent-1>${server}`, `${server}>agent-1`]).sort();
    expect(failedAt(run, 'pod-to-pod')).toEqual(cut);
    const small = ['server-1', 'server-2'].flatMap((server) => [`${server}>server-3`, `server-3>${server}`]);
    expect(failedAt(run, 'pod-to-pod-large')).toEqual([...cut, ...small].sort());
    expect(failedAt(run, 'cluster-ip')).toContain('server-2');
    expect(failedAt(run, 'cluster-ip-from-host')).toContain('server-2');
    expect([...new Set(failedAt(run, 'dns'))]).toEqual([...ALL].sort());
    expect(failedChecks(run)).toContain('addon-coredns');
    expect(run.proof.findings.map(({ code }) => code)).toContain('firewall-drops-port');
    await alive(kube, ALL, Date.now());
  });

  it('fails when etcd has an alarm', async () => {
    const call = (action: string): Promise<string> =>
      on(
        'server-1',
        `cd /var/lib/rancher/k3s/server/tls/etcd && curl -sS --cacert server-ca.crt --cert client.crt --key client.key https://127.0.0.1:2379/v3/maintenance/alarm -d '{"action":"${action}","alarm":"NOSPACE"}'`,
      );
    await call('ACTIVATE');
    const run = await verify();
    await call('DEACTIVATE');
    expect(run.status).toBe(3);
    expect(failedAt(run, 'etcd-health')).toEqual(SERVERS);
    expect(failed(run).find(({ check }) => check === 'etcd-health')?.detail).toBe('ALARM NOSPACE');
  });

  it('fails where an image is missing that must be there without a registry', async () => {
    const probe = await image('busybox');
    await on('agent-1', `k3s ctr -n k8s.io images rm ${probe} >/dev/null`);
    const run = await verify();
    const begun = Date.now();
    await on('agent-1', 'systemctl restart k3s-agent');
    expect(run.status).toBe(3);
    expect(failedAt(run, 'probe-pods')).toEqual(['agent-1']);
    expect(failed(run).find(({ check }) => check === 'probe-pods')?.detail).toContain('ErrImageNeverPull');
    expect(failedAt(run, 'pod-to-pod')).toEqual([]);
    await alive(kube, ALL, begun);
  });

  it('still passes through the balancer with one server lost', async () => {
    await must(['lab', 'crash', 'server-3', '--lab', LAB], folder);
    let run = await verify();
    const balanced = async () => {
      run = await verify();
      return statusOf(run, 'api-balancer');
    };
    // The balancer needs some checks of its own to give a server up.
    if (statusOf(run, 'api-balancer')[0] !== 'pass')
      await expect.poll(balanced, { timeout: 300_000, interval: 2_000 }).toEqual(['pass']);
    expect(run.status).toBe(3);
    expect(failedAt(run, 'api-server')).toEqual(['server-3']);
    expect(failedAt(run, 'etcd-health')).toEqual(['server-3']);
    await eventually(kube, NODES, (nodes) => nodes.has('server-3'));
  });
});
