import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOutages } from '../../src/app/cluster/outage-file.js';
import type { RunEvent } from '../../src/core/events/run.js';
import type { Kube } from '../../src/core/ports/kube.js';
import { err, ok } from '../../src/core/result.js';
import { labPaths } from '../../src/lab/paths.js';
import { spendingOf } from '../../src/run/guard-budget.js';
import { failureOfTransport } from '../../src/run/remote/failures.js';
import type { GuardContext, GuardSample } from '../../src/steps/guard.js';
import { networkPairs } from '../../src/steps/guards/network-pairs.js';
import type { OutageRecord } from '../../src/steps/guards/pairs/outage-record.js';
import { type PairsParams, subjectsOf } from '../../src/steps/guards/pairs/params.js';
import { must, specFolder } from '../lab/support/cli.js';
import { eventually, image, kubeOf, PODS, rootOn, value } from '../lab/support/cluster.js';
import { eventsOf, newRun, runIds, startApart } from '../lab/support/run-watch.js';
import { labTransport } from '../lab/support/transport.js';
import { systemClock } from '../support/ports.js';

const LAB = 'network-guard';
const NET = '10.65.0';
const ADDRESSES = new Map([
  ['server-1', `${NET}.11`],
  ['agent-1', `${NET}.21`],
]);
const NODES = [...ADDRESSES.keys()];
const RUN = '20260101-000000-abcd';
const NAMESPACES = { group: '', version: 'v1', plural: 'namespaces' } as const;
const BOTH_WAYS = ['pod:server-1→pod:agent-1', 'pod:agent-1→pod:server-1'];

let folder: string;
let kube: Kube;
let transport: Awaited<ReturnType<typeof labTransport>>;
let params: PairsParams;
let guard: ReturnType<typeof watch>;

/** One guard that watches, with everything that it said. */
const watch = () => {
  let lines = 0;
  const stop = new AbortController();
  const samples: GuardSample[] = [];
  const records: OutageRecord[] = [];
  const context: GuardContext = {
    run: RUN,
    hosts: NODES,
    clock: systemClock,
    signal: stop.signal,
    kube: () => Promise.resolve(ok(kube)),
    keep: (record) => void records.push(record),
    callUrl: () => {
      throw new Error('it calls no address');
    },
    read: () => {
      throw new Error('it reads nothing');
    },
    open: async (name, script) => {
      const target = { name, address: ADDRESSES.get(name) ?? '' };
      const opened = await transport.open(target, script, { timeoutMs: 600_000 });
      lines += 1;
      return opened.ok ? opened : err(failureOfTransport(opened.error));
    },
  };
  const follow = async (): Promise<void> => {
    for await (const sample of networkPairs.watch(context, params)) samples.push(sample);
  };
  const ended = follow();
  return {
    samples,
    records,
    armed: () => expect.poll(() => samples.length, { timeout: 180_000 }).toBeGreaterThan(0),
    /** How often a host was asked for a line. */
    lines: () => lines,
    outages: () => records.filter((record) => record.type === 'outage'),
    /** Subjects that are down now. */
    down: () => {
      const last = new Map(samples.map((sample) => [sample.subject, sample.ok]));
      return [...last].filter(([, good]) => !good).map(([subject]) => subject);
    },
    end: async () => {
      stop.abort();
      await ended;
    },
  };
};

const proberOn = async (node: string): Promise<{ namespace: string; name: string; ip: string }> => {
  const pods = await eventually(kube, PODS, (all) =>
    [...all.values()].some((pod) => isProber(pod, node) && ipOf(pod) !== ''),
  );
  const pod = [...pods.values()].find((each) => isProber(each, node));
  return {
    namespace: pod?.metadata.namespace ?? '',
    name: pod?.metadata.name ?? '',
    ip: pod === undefined ? '' : ipOf(pod),
  };
};
type Pod = Parameters<typeof ipOf>[0];
const ipOf = (pod: { readonly [member: string]: unknown }): string =>
  (pod['status'] as { readonly podIP?: string } | undefined)?.podIP ?? '';
const isProber = (
  pod: Pod & { metadata: { labels?: Readonly<Record<string, string>> } },
  node: string,
): boolean =>
  pod.metadata.labels?.['drover.dev/guard'] === 'pod' &&
  (pod['spec'] as { readonly nodeName?: string }).nodeName === node;

const guardNamespaces = async (): Promise<readonly string[]> => {
  const names: string[] = [];
  for await (const page of kube.list(NAMESPACES))
    names.push(...value(page).items.map(({ metadata }) => metadata.name));
  return names.filter((name) => name.startsWith('drover-guard-'));
};

beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: NET, servers: 1, agents: 1 });
  await must(['lab', 'up'], folder);
  await must(['apply', '--yes', '--lab', LAB, '-q'], folder);
  kube = await kubeOf(LAB, folder);
  transport = await labTransport(LAB);
  params = {
    everyMs: 200,
    image: await image('busybox'),
    nodes: NODES,
    services: {
      dns: '10.43.0.10',
      name: 'kubernetes.default.svc.cluster.local',
      out: { host: `${NET}.11`, port: 22 },
    },
    blindMs: 60_000,
  };
});
afterAll(async () => {
  kube.close();
  await transport[Symbol.asyncDispose]();
  await must(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true, force: true });
});

const isGone = (path: string): Promise<string> =>
  rootOn(LAB, 'agent-1', `if [ -e ${path} ]; then echo there; else echo gone; fi`, folder);

describe('the guard of all pairs of pods', () => {
  it('samples every pair and Service from every node, and removes what a killed one left', async () => {
    const left = `drover-guard-${RUN}-old`;
    const metadata = { name: left, labels: { 'app.kubernetes.io/managed-by': 'drover' } };
    value(await kube.create({ resource: NAMESPACES }, { apiVersion: 'v1', kind: 'Namespace', metadata }));
    await rootOn(LAB, 'agent-1', `mkdir -p /run/drover/${left} && touch /run/drover/${left}/peers`, folder);
    guard = watch();
    await guard.armed();
    const [first] = guard.records.filter((record) => record.type === 'watch');
    expect(first).toMatchObject({ subjects: subjectsOf(params), unwatched: [] });
    const silent = (): readonly string[] => {
      const answered = new Set(guard.samples.flatMap(({ ok: good, subject }) => (good ? [subject] : [])));
      return subjectsOf(params).filter((subject) => !answered.has(subject));
    };
    await expect.poll(silent, { timeout: 300_000 }).toEqual([]);
    const { ip } = await proberOn('agent-1');
    const sources = guard.records.filter((record) => record.type === 'source');
    expect(sources.find(({ subject }) => subject === BOTH_WAYS[1])?.source).toBe(ip);
    expect(await isGone(`/run/drover/${left}`)).toBe('gone');
    await expect.poll(guardNamespaces, { timeout: 300_000 }).toEqual([(await proberOn('agent-1')).namespace]);
  });

  it('finds a recreated pod at its new address, and both directions pay for the time between', async () => {
    const before = await proberOn('agent-1');
    value(await kube.delete({ resource: PODS, namespace: before.namespace, name: before.name }));
    const touched = (): readonly string[] => guard.outages().map(({ subject }) => subject);
    await expect
      .poll(() => BOTH_WAYS.every((subject) => touched().includes(subject)), { timeout: 180_000 })
      .toBe(true);
    const after = await proberOn('agent-1');
    expect(after.ip).not.toBe(before.ip);
    const moved = guard.records.filter((record) => record.type === 'source' && record.source === after.ip);
    expect(moved).toMatchObject([{ subject: BOTH_WAYS[1], before: before.ip }]);
    const spending = spendingOf({ longestMs: 200, totalMs: 1e9, silentMs: 1e9 });
    const spent = guard.samples.flatMap((sample) => spending.add(sample, sample.at ?? 0) ?? []);
    expect(spent.some((text) => BOTH_WAYS.some((subject) => text.startsWith(`${subject} was away`)))).toBe(
      true,
    );
  });

  it('goes on when its own line is cut, and takes no outage from that', async () => {
    const known = guard.outages().length;
    const lines = guard.lines();
    await rootOn(LAB, 'agent-1', "pkill -f '[d]rover-guard-'", folder);
    await expect.poll(guard.lines, { timeout: 300_000 }).toBeGreaterThan(lines);
    const gone = guard
      .outages()
      .slice(known)
      .filter(({ why }) => why.includes('is gone'));
    expect(gone).toEqual([]);
    await expect.poll(guard.down, { timeout: 300_000 }).toEqual([]);
  });

  it('leaves nothing behind', async () => {
    const { namespace } = await proberOn('agent-1');
    await guard.end();
    expect(guard.records.at(-1)).toMatchObject({ type: 'end' });
    await expect.poll(() => isGone(`/run/drover/${namespace}/peers`), { timeout: 300_000 }).toBe('gone');
    await expect.poll(guardNamespaces, { timeout: 180_000 }).toEqual([]);
  });

  it('takes a change of network back by itself when its budget is spent', async () => {
    const file = join(folder, 'drover.yaml');
    const change = 'cni: { mode: host-gw }\n    change: { budget: { longest: 5s, onBreach: rollback } }';
    const spec = await readFile(file, 'utf8');
    await writeFile(file, spec.replace('  network:\n', `  network:\n    ${change}\n`));
    const known = await runIds(LAB);
    const run = startApart(['apply', '--yes', '--lab', LAB, '-q'], folder);
    const id = await newRun(LAB, known);
    const state = labPaths(process.env, LAB).stateDir;
    const kinds = async (): Promise<readonly string[]> =>
      (await readOutages(state, id)).map(({ type }) => type);
    await expect.poll(kinds, { timeout: 180_000, interval: 50 }).toContain('watch');
    // A filter of somebody else comes up in the middle of the change, and goes again.
    const filter = (verb: string): Promise<string> =>
      rootOn(LAB, 'agent-1', `iptables -w ${verb} FORWARD -p tcp --dport 8080 -j DROP`, folder);
    await filter('-I');
    const breach = async (): Promise<RunEvent | undefined> =>
      (await eventsOf(LAB, id)).find(({ type }) => type === 'guard-breach');
    await expect.poll(breach, { timeout: 180_000, interval: 100 }).toBeDefined();
    await filter('-D');
    expect(await breach()).toMatchObject({ guard: 'network.pairs', decision: 'rollback' });
    const { status, text } = await run.ended;
    expect(status, text).toBe(4);
    const ends = async (which: string): Promise<RunEvent | undefined> =>
      (await eventsOf(LAB, which)).findLast(({ type }) => type === 'run-done');
    expect(await ends(id)).toMatchObject({ outcome: 'failed' });
    expect(await ends((await runIds(LAB)).at(-1) ?? '')).toMatchObject({ outcome: 'rolled-back' });
    expect(await rootOn(LAB, 'agent-1', 'ip -d link show flannel.1', folder)).toContain('vxlan');

    const told = await must(['runs', 'show', id, '--lab', LAB], folder);
    expect(told).toMatch(/pod to pod +2 of 2 interrupted, median \d/);
    const page = await must(['runs', 'show', id, '-o', 'html', '--lab', LAB], folder);
    expect(page).toContain('class="breach"');
    expect(page).toContain('k3s.network/flannel');
    await expect.poll(guardNamespaces, { timeout: 180_000 }).toEqual([]);
  });
});
