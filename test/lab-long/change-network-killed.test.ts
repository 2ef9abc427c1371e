import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/core/events/run.js';
import type { Kube, KubeObject } from '../../src/core/ports/kube.js';
import { labPaths } from '../../src/lab/paths.js';
import { drover, type Ended, must, specFolder } from '../lab/support/cli.js';
import {
  alive,
  eventually,
  holds,
  kubeOf,
  matrix,
  PODS,
  rootOn,
  wholeMatrix,
} from '../lab/support/cluster.js';
import { killAgainAndAgain, seeded } from '../lab/support/kills.js';
import { NETWORK_INVENTORY } from '../lab/support/old-networks.js';
import { otherMachine } from '../lab/support/other-machine.js';
import { eventsOf, newRun, runIds, startApart, untilJournal } from '../lab/support/run-watch.js';
import { applyObjects, barePod, template, workload } from '../lab/support/workloads.js';

const LAB = 'change-killed';
const NODES = ['server-1', 'agent-1', 'agent-2'] as const;
const REPLICAS = 4;
const NAMESPACES = { group: '', version: 'v1', plural: 'namespaces' } as const;

const ON = ['--lab', LAB, '--yes', '-q'];
/** Hosts of a lab have no disk of their own. */
const APPLY = ['apply', '--only', 'network', '--ignore', 'disk-full', ...ON];
const RESUME = ['apply', '--resume', ...ON];
const BACK = ['rollback', ...ON];
const BACK_ON = ['rollback', '--resume', ...ON];

/** What a change of network has on a host besides the network itself. */
const FILES = `find /etc/rancher/k3s /etc/systemd/system /usr/local/lib /var/lib/rancher/k3s/agent/etc/cni -xdev \\( -type f -o -type l \\) \\
  -not -path /etc/rancher/k3s/k3s.yaml -printf '%p %M %s %l\\n' | sort; cat /etc/rancher/k3s/config.yaml.d/*; systemctl list-unit-files --state=enabled --no-legend`;

let folder: string;
let kube: Kube;
/** Of every host and of the cluster, before anything. */
let before: readonly string[];

const namespaces = async (): Promise<string> =>
  [...(await eventually(kube, NAMESPACES, () => true)).keys()].sort().join(' ');

const inventory = async (): Promise<readonly string[]> => {
  const ofHosts = NODES.map((host) => rootOn(LAB, host, `${NETWORK_INVENTORY}; ${FILES}`, folder));
  return [...(await Promise.all(ofHosts)), await namespaces()];
};

const addressOf = (pod: KubeObject): string =>
  (pod['status'] as { readonly podIP?: string } | undefined)?.podIP ?? '';

/** All pods of the application are there and ready; in which halves of the pods' range they are. */
const halves = async (): Promise<readonly string[]> => {
  const pods = await eventually(
    kube,
    PODS,
    (all) =>
      all.size === REPLICAS + NODES.length + 1 && [...all.values()].every((pod) => holds(pod, 'Ready')),
    { namespace: 'default', limitMs: 240_000 },
  );
  const third = [...pods.values()].map((pod) => Number(addressOf(pod).split('.')[2]));
  return [...new Set(third.map((number) => (number >= 128 ? 'upper' : 'lower')))];
};

const everyPair = async (): Promise<void> => {
  const tried = async () => matrix(kube, NODES);
  await expect.poll(tried, { timeout: 240_000 }).toEqual({ tried: wholeMatrix(NODES.length), failed: [] });
};

const expectAsBefore = async (): Promise<void> => {
  expect(await halves()).toEqual(['lower']);
  await everyPair();
  // Namespaces of probes end on their own.
  await expect.poll(inventory, { timeout: 240_000 }).toEqual(before);
};

const succeeded = ({ status, stdout, stderr }: Ended): void => {
  expect(status, `${stdout}\n${stderr}`).toBe(0);
};

/** Starts `drover` with these words; `id` is that of its run. `others`: runs that may turn up here meanwhile. */
const begin = async (words: readonly string[], others: readonly string[] = []) => {
  const known = await runIds(LAB);
  const run = startApart(words, folder);
  return { ...run, id: await newRun(LAB, [...known, ...others]) };
};

const began =
  (action: string) =>
  (events: readonly RunEvent[]): boolean =>
    events.some((event) => event.type === 'action-intent' && event.action === action);

beforeAll(async () => {
  // Nobody's patience is tested here, and the machine may be slow.
  const more = '    cni: { name: flannel }\n    change: { budget: { longest: 10m, total: 30m } }';
  folder = await specFolder({ name: LAB, net: '10.68.0', servers: 1, agents: 2, more });
  await must(['lab', 'up', '--cluster', '--timeout', '600'], folder);
  kube = await kubeOf(LAB, folder);
  await applyObjects(LAB, folder, [
    workload('DaemonSet', 'log'),
    workload('Deployment', 'web', template('web'), { replicas: REPLICAS }),
    barePod('bare', 'agent-1'),
  ]);
  expect(await halves()).toEqual(['lower']);
  const spec = join(folder, 'drover.yaml');
  await writeFile(spec, (await readFile(spec, 'utf8')).replace('{ name: flannel }', '{ name: lab }'));
  before = await inventory();
});
afterAll(async () => {
  kube.close();
  await must(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true, force: true });
});

// Up to six processes one after another, on a machine that may be slow.
describe('a change of network', { timeout: 1_200_000 }, () => {
  it('is not begun while a node cannot be reached: it is named, and nothing is touched', async () => {
    await must(['lab', 'crash', 'agent-2', '--lab', LAB], folder);
    const since = Date.now();
    const refused = await drover(
      APPLY.filter((word) => word !== '-q'),
      folder,
    );
    expect(refused.status, refused.stderr).toBe(11);
    expect(refused.stderr).toContain('agent-2: The host does not answer');
    expect(refused.stderr).toMatch(/contact-unreachable\n.*\n.*nothing was changed/);
    expect(await runIds(LAB)).toEqual([]);
    await must(['lab', 'start', 'agent-2', '--lab', LAB], folder);
    await alive(kube, NODES, since);
    await expectAsBefore();
  });

  /** What the servers alone know of. */
  let forth: string;

  it('that is killed at five points of its journal is gone on with by another machine that has the spec and an identity', async () => {
    const run = await begin(APPLY);
    forth = run.id;
    const after = seeded(20_261_121, 5, { from: 3, to: 22 });
    await killAgainAndAgain(run, { lab: LAB, id: run.id, after }, () => startApart(RESUME, folder));
    const other = await otherMachine(LAB, join(folder, 'drover.yaml'));
    const resumed = await drover(['apply', '--resume', '--lab', LAB, '--yes'], other.folder, other.env);
    succeeded(resumed);
    expect(resumed.stderr).toContain(`run ${run.id} was read from server-1`);
    await other.remove();
    // That machine is lost as well, and what the first one had of the run with it.
    await rm(join(labPaths(process.env, LAB).stateDir, 'runs', run.id), { recursive: true });
    expect(await halves()).toEqual(['upper']);
    await everyPair();
    for (const host of NODES)
      expect(await rootOn(LAB, host, 'ip -o link show; iptables-save', folder)).not.toMatch(
        /flannel|FLANNEL|cni0/,
      );
  });

  it('is taken back by a way back that is killed at five points, too: every pair answers, nothing is left', async () => {
    const run = await begin(BACK, [forth]);
    const after = seeded(20_261_122, 5, { from: 3, to: 16 });
    await killAgainAndAgain(run, { lab: LAB, id: run.id, after }, () => startApart(BACK_ON, folder));
    succeeded(await drover(BACK_ON, folder));
    await expectAsBefore();
  });

  it('that is killed half-way is taken back instead of gone on with', async () => {
    const run = await begin(APPLY);
    await untilJournal(LAB, run.id, began('cni.switch/agent-2'));
    await run.kill();
    // Who knows that it is dead says so: its last heartbeat was a moment ago.
    succeeded(await drover([...BACK, '--break-lock', run.id], folder));
    await expectAsBefore();
  });

  it('whose node dies on the way stops with the others served, and is ended when the node is back', async () => {
    const run = await begin(APPLY);
    await untilJournal(LAB, run.id, began('cni.switch/agent-2'));
    await must(['lab', 'crash', 'agent-2', '--lab', LAB], folder);
    const since = Date.now();
    const ended = await run.ended;
    expect(ended.status, ended.text).toBe(5);
    expect(ended.text).toContain('agent-2');
    expect(ended.text).toMatch(/go on +(npx )?drover apply --resume/);
    const done = (await eventsOf(LAB, run.id)).flatMap((event) =>
      event.type === 'action-done' ? [event.action] : [],
    );
    expect(done).toContain('cni.switch/agent-1');
    await must(['lab', 'start', 'agent-2', '--lab', LAB], folder);
    await alive(kube, NODES, since);
    succeeded(await drover(RESUME, folder));
    expect(await halves()).toEqual(['upper']);
    await everyPair();
    succeeded(await drover(BACK, folder));
    await expectAsBefore();
  });
});
