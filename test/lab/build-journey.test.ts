import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { netnsPath, operatorNetns } from '../../src/lab/names.js';
import { labPaths } from '../../src/lab/paths.js';
import { drover, must } from './support/cli.js';
import { rootOn } from './support/cluster.js';
import { commandsOf, runPrinted } from './support/journey.js';
import { BALANCER, journeySpec, MEMBERS, startBalancer } from './support/journey-lab.js';
import { eventsOf, runIds } from './support/run-watch.js';
import { tracesOf } from './support/traces.js';

const LAB = 'it-journey';
const KUBECONFIG = labPaths(process.env, LAB).kubeconfig;

let folder: string;
let commands: readonly string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-journey-'));
  await writeFile(join(folder, 'drover.yaml'), journeySpec(LAB, { members: MEMBERS }));
  commands = await commandsOf('build.md');
});
afterAll(async () => {
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
    await startBalancer(LAB, folder);
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

describe('at the end', () => {
  it('takes the lab down', async () => {
    await next(/^npx drover lab down /);
    expect(commands).toEqual([]);
  });
});
