import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kube, KubeObject } from '../../src/core/ports/kube.js';
import { netnsPath, operatorNetns } from '../../src/lab/names.js';
import { labPaths } from '../../src/lab/paths.js';
import { drover, must } from './support/cli.js';
import { eventually, holds, kubeOf, NODES, PODS, rootOn, value } from './support/cluster.js';
import { guardedPods } from './support/guarded-pods.js';
import { commandsOf, runPrinted } from './support/journey.js';
import { eventsOf, runIds } from './support/run-watch.js';
import { tracesOf } from './support/traces.js';

const LAB = 'it-journey';
const KUBECONFIG = labPaths(process.env, LAB).kubeconfig;
const MEMBERS = ['server-1', 'server-2', 'server-3', 'agent-1'];
const BALANCER = '10.79.0.10';
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

/** Snapshots of etcd that the spec keeps: a setting of servers, which restart for a new one. */
let retention = 5;

/** The spec with these members; all other hosts are there, but not part of the cluster. */
const specText = (members: readonly string[]): string =>
  [
    'apiVersion: drover/v1',
    'kind: Cluster',
    `metadata: { name: ${LAB} }`,
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

const guarded = (pods: ReadonlyMap<string, KubeObject>): readonly KubeObject[] =>
  [...pods.values()].filter((pod) => pod.metadata.labels?.['app'] === 'guarded' && holds(pod, 'Ready'));

/** The smallest number of guarded pods that were Ready at once until the signal aborts. */
const fewestReady = async (kube: Kube, signal: AbortSignal): Promise<number> => {
  const pods = new Map<string, KubeObject>();
  let fewest = Number.POSITIVE_INFINITY;
  for await (const event of kube.watch(PODS, { namespace: 'default', signal })) {
    const change = value(event);
    if (change.type === 'RELISTED') for (const pod of change.items) pods.set(pod.metadata.name, pod);
    else if (change.type === 'DELETED') pods.delete(change.object.metadata.name);
    else pods.set(change.object.metadata.name, change.object);
    fewest = Math.min(fewest, guarded(pods).length);
  }
  return fewest;
};

let kube: Kube;
let folder: string;
let commands: readonly string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-journey-'));
  await writeFile(join(folder, 'drover.yaml'), specText(MEMBERS));
  commands = await commandsOf('build.md');
});
afterAll(async () => {
  kube.close();
  await drover(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true });
  expect(await tracesOf(LAB)).toEqual([]);
});

/** What `kubectl get nodes` says from inside the lab, by the context that the build merged in. */
const nodesByContext = async (): Promise<void> => {
  const kubectl = ['kubectl', '--kubeconfig', KUBECONFIG, '--context', 'journey', 'get', 'nodes'];
  const { stdout } = await execa('nsenter', [`--net=${netnsPath(operatorNetns({ name: LAB }))}`, ...kubectl]);
  for (const name of MEMBERS) expect(stdout).toMatch(new RegExp(`^${name} +Ready `, 'm'));
};

/** The next command of the page, which must be this one and must succeed; what it printed. */
const next = async (expected: RegExp): Promise<string> => {
  const [command = 'the page has no more commands', ...rest] = commands;
  commands = rest;
  expect(command).toMatch(expected);
  const hosts = { 'k3s-worker-01': 'agent-1' };
  const done = await runPrinted(command, { folder, lab: LAB, hosts });
  if (done.status !== 0) throw new Error(`${command}: ${done.status}\n${done.stdout}\n${done.stderr}`);
  return done.stdout;
};

describe('docs/journeys/build.md, command by command', () => {
  it('boots bare hosts that the doctor has nothing against', async () => {
    await next(/^npx drover lab up /);
    await next(/^npx drover doctor /);
  });

  it('writes what the balancer needs, which real HAProxy takes', async () => {
    await next(/^npx drover balancer .*> haproxy\.cfg$/);
    const config = (await readFile(join(folder, 'haproxy.cfg'))).toString('base64');
    const install = 'apt-get -qq update && apt-get -qq install -y haproxy >/dev/null 2>&1';
    const place = `echo ${config} | base64 -d >/etc/haproxy/haproxy.cfg && haproxy -c -f /etc/haproxy/haproxy.cfg`;
    await rootOn(LAB, 'lb', `${install} && ${place} && systemctl restart haproxy`, folder);
  });

  it('refuses settings on a host that contradict the spec, and shows those that it keeps', async () => {
    const own = '/etc/rancher/k3s/config.yaml';
    await rootOn(LAB, 'agent-1', `mkdir -p ${own}.d && echo 'node-label: [owner=me]' >${own}`, folder);
    await rootOn(LAB, 'agent-1', `echo 'node-ip: 10.9.9.9' >${own}.d/90-mine.yaml`, folder);
    const refused = await drover(['plan', '--lab', LAB], folder);
    expect([refused.status, refused.stderr]).toEqual([
      10,
      expect.stringMatching(/error\[plan-own-settings\][\s\S]*agent-1: node-ip in .*90-mine\.yaml:1/),
    ]);
    await rootOn(LAB, 'agent-1', `rm ${own}.d/90-mine.yaml`, folder);
  });

  it('plans servers one after another and agents behind them', async () => {
    const plan = await next(/^npx drover plan /);
    expect(plan).toMatch(/! node-label in \/etc\/rancher\/k3s\/config\.yaml:1: yours is kept/);
    const starts = MEMBERS.map((name) => plan.search(new RegExp(`Start the K3s .* on ${name}\n`)));
    expect(starts.every((at) => at > 0)).toBe(true);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(plan).toMatch(new RegExp(`^Apply it: .*drover apply -f drover\\.yaml --lab ${LAB}$`, 'm'));
  });

  it('builds the cluster', async () => {
    expect(await next(/^npx drover apply .*--yes$/)).toContain('Start the K3s server');
  });

  it('judges what runs, proves it, and finds nothing left to do', async () => {
    await next(/^npx drover policy --live /);
    expect(await next(/^npx drover verify /)).toMatch(
      /Verify: \d+ checks passed( \(\d+ not at once\))?, 0 failed/,
    );
    expect(await next(/^npx drover apply .*--yes$/)).toContain('No changes: ');
  });

  it('bears the loss of a node, and draws the proof as a page', async () => {
    await next(/^npx drover drill node-loss .*--out-of-service/);
    const events = await eventsOf(LAB, (await runIds(LAB)).at(-1) ?? '');
    const proofs = events.flatMap((event) => (event.type === 'action-done' ? [event.proof] : []));
    expect(proofs[1]).toMatch(/^lost to the cluster after \d+ s; /);
    expect(proofs[2]).toBe('agent-1 is Ready again');
    expect(events.filter(({ type }) => type === 'guard-breach')).toEqual([]);
    await next(/^npx drover verify .*-o html > verify\.html$/);
    const page = await readFile(join(folder, 'verify.html'), 'utf8');
    expect(page).toContain('Pods to pods');
    expect(page).toContain('<title>https://10.79.0.10:6443/ping → outside: status 200</title>');
  });

  it('has the add-ons as the spec wants them, and the label of the host’s own file', async () => {
    const on = (command: string) => rootOn(LAB, 'server-1', `k3s kubectl ${command}`, folder);
    expect(await on('-n kube-system get deployment coredns -o jsonpath={.spec.replicas}')).toBe('2');
    expect(await on('get storageclass')).toMatch(/^local-path \(default\) /m);
    expect(await on('get nodes -l owner=me -o name')).toBe('node/agent-1');
  });

  it('is in the lab’s own kubeconfig, through the balancer', async () => {
    expect((await stat(KUBECONFIG)).mode & 0o777).toBe(0o600);
    expect(await readFile(KUBECONFIG, 'utf8')).toContain(`server: https://${BALANCER}:6443`);
    await nodesByContext();
  });

  it('hands out a kubeconfig that kubectl works with, and tells of its runs', async () => {
    await next(/^npx drover lab kubeconfig .*> /);
    expect(await readFile(join(folder, `${LAB}.kubeconfig`), 'utf8')).toContain('https://127.0.0.1:');
    const nodes = await next(/^kubectl .*get nodes$/);
    for (const name of MEMBERS) expect(nodes).toMatch(new RegExp(`^${name} +Ready `, 'm'));
    expect(await next(/^npx drover runs /)).toMatch(/done/);
    const diagnosis = await must(['doctor', '--kubeconfig', `${LAB}.kubeconfig`], folder);
    expect(diagnosis).not.toMatch(/\d errors?,/);
  });
});

describe('the kubeconfig while the balancer is away', () => {
  it('leads to a server and says why, and back when the balancer answers again', async () => {
    const apply = () => drover(['apply', '--lab', LAB, '--yes'], folder);
    await rootOn(LAB, 'lb', 'systemctl stop haproxy', folder);
    const away = await apply();
    expect(away.stdout).toMatch(/~ context journey: https:\/\/10\.79\.0\.10:6443 does not answer/);
    expect(away.stderr).toMatch(/leads to server server-1 .*, not to the load balancer lb .*ECONNREFUSED/);
    await nodesByContext();
    await rootOn(LAB, 'lb', 'systemctl start haproxy', folder);
    expect((await apply()).stderr).toMatch(/leads to the load balancer lb .*, whose certificate holds/);
    await nodesByContext();
    // What the lab itself keeps in the file is still there.
    expect(await readFile(KUBECONFIG, 'utf8')).toContain('https://127.0.0.1:');
  });
});

/** Applies the spec with these members; actions that cannot be taken back are agreed to. */
const become = async (members: readonly string[]): Promise<string> => {
  await writeFile(join(folder, 'drover.yaml'), specText(members));
  return must(['apply', '--lab', LAB, '--yes', '--confirm', `lab/${LAB}/${LAB}`], folder);
};

/** Names of the nodes that are Ready. */
const readyNodes = async (): Promise<readonly string[]> => {
  const nodes = await eventually(kube, NODES, (all) =>
    [...all.values()].every((node) => holds(node, 'Ready')),
  );
  return [...nodes.keys()].sort();
};

describe('a cluster that grows and shrinks', () => {
  it('takes two more agents in, labelled and tainted as the spec says', async () => {
    kube = await kubeOf(LAB, folder);
    const plan = await become([...MEMBERS, 'agent-2', 'agent-3']);
    expect(plan).not.toMatch(/Start the K3s .* on server-/);
    expect(await readyNodes()).toEqual(['agent-1', 'agent-2', 'agent-3', 'server-1', 'server-2', 'server-3']);
    const node = value(await kube.get({ resource: NODES, name: 'agent-3' }));
    expect(node.metadata.labels).toMatchObject({ 'drover.dev/purpose': 'observability', disk: 'slow' });
    // The one by which Kubernetes keeps pods off a node that is only getting ready may be there a moment longer.
    const { taints } = node['spec'] as { readonly taints?: readonly object[] };
    expect(taints).toContainEqual({ key: 'heavy', value: 'yes', effect: 'NoSchedule' });
    expect(await become([...MEMBERS, 'agent-2', 'agent-3'])).toContain('No changes: ');
  });

  it('restarts its servers one after another for a new setting, under a guard that watches the API', async () => {
    retention = 6;
    const plan = await become([...MEMBERS, 'agent-2', 'agent-3']);
    expect(plan).toContain(
      '! guarded: the Kubernetes API answers, away for at most 2m00s at once; else stop',
    );
    const events = await eventsOf(LAB, (await runIds(LAB)).at(-1) ?? '');
    const told = events.flatMap((event) =>
      (event.type === 'action-intent' || event.type === 'action-done') &&
      event.action.startsWith('k3s.server/')
        ? [event.type]
        : [],
    );
    expect(told).toEqual(Array.from({ length: 3 }, () => ['action-intent', 'action-done']).flat());
    expect(events.filter(({ type }) => type === 'guard-breach')).toEqual([]);
    const kept = "grep -h 'etcd-snapshot-retention: 6' /etc/rancher/k3s/config.yaml.d/*";
    for (const server of ['server-1', 'server-2', 'server-3'])
      expect(await rootOn(LAB, server, kept, folder)).not.toBe('');
  });

  it('lets one go, with the budgets of its pods respected', async () => {
    const pods = guardedPods('guarded', 'agent-2', 'docker.io/rancher/mirrored-library-busybox:1.37.0');
    await rootOn(LAB, 'server-1', `k3s kubectl apply -f - <<'END'\n${pods}\nEND`, folder);
    await eventually(kube, PODS, (pods) => guarded(pods).length === 2, { namespace: 'default' });
    const lowest = new AbortController();
    const seen = fewestReady(kube, lowest.signal);
    const plan = await become([...MEMBERS, 'agent-3']);
    lowest.abort();
    expect(plan).toMatch(/- node agent-2/);
    expect(await seen).toBeGreaterThanOrEqual(1);
    expect(await readyNodes()).toEqual(['agent-1', 'agent-3', 'server-1', 'server-2', 'server-3']);
    const places = '/usr/local/bin/k3s /var/lib/rancher/k3s /etc/rancher/k3s /etc/systemd/system/k3s*';
    expect(await rootOn(LAB, 'agent-2', `ls -d ${places} 2>/dev/null || true`, folder)).toBe('');
  });

  it('replaces a server that was lost', async () => {
    await must(['lab', 'crash', 'server-1', '--lab', LAB], folder);
    await eventually(kube, NODES, (all) => !holds(all.get('server-1'), 'Ready'));
    const told = await drover(['doctor', '--kubeconfig', `${LAB}.kubeconfig`, '-o', 'json'], folder);
    expect(told.status).toBe(11);
    const { findings } = JSON.parse(told.stdout) as {
      readonly findings: readonly { readonly code: string }[];
    };
    expect(findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['cluster-node-not-ready', 'cluster-etcd-votes']),
    );
    const members = ['server-2', 'server-3', 'server-4', 'agent-1', 'agent-3'];
    const plan = await become(members);
    expect(plan).toContain('- etcd member of server-1');
    expect(await readyNodes()).toEqual([...members].sort());
    const nodes = await eventually(kube, NODES, (all) => holds(all.get('server-4'), 'EtcdIsVoter'));
    expect(['server-2', 'server-3'].every((name) => holds(nodes.get(name), 'EtcdIsVoter'))).toBe(true);
    expect(await become(members)).toContain('No changes: ');
  });
});

describe('at the end', () => {
  it('takes the lab down', async () => {
    await next(/^npx drover lab down /);
    expect(commands).toEqual([]);
  });
});
