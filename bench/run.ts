/**
 * What runs cost beside their work: the journal against the disk's own limit, the executor at 500 simulated hosts
 * against the same waits without it, and planning 500 hosts from facts.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { clusterGoals } from '../src/app/cluster/goals.js';
import type { RunEvent } from '../src/core/events/run.js';
import { ok } from '../src/core/result.js';
import { assemble } from '../src/plan/assemble.js';
import type { Action } from '../src/plan/model.js';
import { execute } from '../src/run/execute.js';
import { openGuards } from '../src/run/guards.js';
import { openJournal } from '../src/run/journal.js';
import { encodeLine, makeLine } from '../src/run/journal-line.js';
import { foldRun } from '../src/run/progress.js';
import { systemClock } from '../src/system/clock.js';
import { clusterOf } from '../test/diagnosis/fixtures/cluster.js';
import { healthyFacts } from '../test/diagnosis/fixtures/healthy.js';
import { median } from './lib/measure.js';
import { judge, writeSection } from './lib/page.js';

const HOSTS = 500;
const STEPS = 10;
const STEP_MS = 500;
const RECORDS = 4_000;
const WRITERS = 64;
const ROUNDS = 5;

const event: RunEvent = {
  type: 'action-intent',
  run: '20261121-101500-3fa9',
  action: 'host.sysctls/k3s-worker-01',
  step: 'host.sysctls',
  title: 'Set 12 sysctls',
  host: 'k3s-worker-01',
  attempt: 1,
};

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};

// On the disk of the project: a memory file system has no fsync to speak of.
const folder = mkdtempSync(join('.bench', 'journal-'));

/** Records per second with so many writers, each waiting for its own record to be on disk. */
const journalRate = async (name: string, writers: number, records: number): Promise<number> => {
  const journal = await openJournal({ path: join(folder, name), clock: systemClock });
  const writer = async (): Promise<void> => {
    for (let left = records / writers; left > 0; left -= 1) await journal.append(event);
  };
  const taken = await seconds(() => Promise.all(Array.from({ length: writers }, writer)));
  await journal.close();
  return records / taken;
};

/** The same line written and synced one after the other, by nothing but the disk's own calls. */
const diskRate = async (records: number): Promise<number> => {
  const file = await open(join(folder, 'raw'), 'ax');
  const line = Buffer.from(encodeLine(makeLine(undefined, new Date(0).toISOString(), event)));
  const taken = await seconds(async () => {
    for (let at = 0; at < records; at += 1) {
      await file.write(line, 0, line.length, at * line.length);
      await file.datasync();
    }
  });
  await file.close();
  return records / taken;
};

const action = (host: number, step: number): Action => ({
  id: `step-${step}/host-${host}`,
  step: 'test',
  title: 'Simulated',
  scope: 'host',
  host: `host-${host}`,
  hosts: [`host-${host}`],
  params: null,
  after: step === 0 ? [] : [`step-${step - 1}/host-${host}`],
  changes: [],
  risk: 'low',
  undo: { kind: 'inverse' },
  replay: 'exact',
  disruptive: false,
  expected: { seconds: 1 },
});

const clock = systemClock;
const unused = (): never => {
  throw new Error('there are no guards');
};

const withExecutor = async (round: number): Promise<number> => {
  const actions = Array.from({ length: HOSTS }, (_, host) =>
    Array.from({ length: STEPS }, (_each, step) => action(host, step)),
  ).flat();
  const journal = await openJournal({ path: join(folder, `executor-${round}`), clock });
  const guards = openGuards({
    guards: [],
    actions: [],
    kind: () => undefined,
    context: unused,
    clock,
    onBreach: unused,
  });
  const taken = await seconds(() =>
    execute({
      run: 'bench',
      actions,
      succeeded: new Map(),
      attempts: new Map(),
      memory: foldRun([]).memory,
      concurrency: HOSTS,
      clock,
      spread: () => 0,
      record: async (each) => {
        await journal.append(each);
      },
      perform: async () => {
        await delay(STEP_MS);
        return ok({ result: 'changed' as const, outputs: {}, proof: 'seen' });
      },
      mayStart: () => Promise.resolve(undefined),
      guards,
      soft: new AbortController().signal,
      hard: new AbortController().signal,
    }),
  );
  await journal.close();
  return taken;
};

const withoutExecutor = (): Promise<number> =>
  seconds(() =>
    Promise.all(
      Array.from({ length: HOSTS }, async () => {
        for (let step = 0; step < STEPS; step += 1) await delay(STEP_MS);
      }),
    ),
  );

const SHAPE = { hosts: HOSTS, servers: 5 };
const planMs = (): number => {
  const cluster = clusterOf(SHAPE);
  const facts = healthyFacts(SHAPE);
  const start = performance.now();
  const world = { hosts: new Map(facts.hosts.map((host) => [host.name, host])) };
  const source = { kind: 'built', path: '/k3s' } as const;
  const binary = { version: 'v1', arch: 'amd64', source, sha256: 'a'.repeat(64), sampled: 'b' } as const;
  const stages = clusterGoals(cluster, world, { binary, archives: [] });
  if (!stages.ok) throw new Error(stages.error.message);
  const plan = assemble({
    tool: 'bench',
    realm: 'real',
    cluster: { name: cluster.name },
    createdAt: '2026-11-21T00:00:00.000Z',
    specHash: cluster.hash,
    world,
    stages: stages.value,
    notManaged: [],
    ignored: [],
  });
  if (plan.stages[0]?.actions.length === 0) throw new Error('the plan is empty');
  return performance.now() - start;
};

try {
  const rates = { many: [] as number[], one: [] as number[], disk: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    rates.many.push(await journalRate(`many-${round}`, WRITERS, RECORDS));
    rates.one.push(await journalRate(`one-${round}`, 1, RECORDS / 10));
    rates.disk.push(await diskRate(RECORDS / 10).finally(() => rmSync(join(folder, 'raw'))));
  }
  const walls = [await withExecutor(0), await withExecutor(1), await withExecutor(2)];
  const bares = [await withoutExecutor(), await withoutExecutor(), await withoutExecutor()];
  const [wall, bare] = [median(walls), median(bares)];
  const plan = median(Array.from({ length: ROUNDS }, planMs));
  const [many, one, disk] = [median(rates.many), median(rates.one), median(rates.disk)];
  const share = (wall - bare) / wall;
  const per = (rate: number): string => `${Math.round(rate)} records/s`;
  const promises = [
    judge(
      'Journal at least 2,000 durable records per second, or the disk’s own limit',
      many >= Math.min(2_000, disk),
    ),
    judge(`executor less than 5 % of the wall time at ${HOSTS} hosts`, share < 0.05),
    judge(`planning ${HOSTS} hosts in less than 1 s`, plan < 1_000),
  ];
  writeSection('run', `${promises.join('; ')}.`, [
    ['what', 'measured', 'beside it'],
    [
      `journal, ${WRITERS} actions at once (group commit)`,
      per(many),
      `${(many / disk).toFixed(1)} × the disk`,
    ],
    ['journal, one action after the other', per(one), `${(one / disk).toFixed(2)} × the disk`],
    ['the disk: write and fdatasync of the same line', per(disk), '1'],
    [
      `${HOSTS} hosts × ${STEPS} actions of ${STEP_MS} ms, journalled`,
      `${wall.toFixed(2)} s`,
      `${bare.toFixed(2)} s without executor and journal: ${(share * 100).toFixed(1)} %`,
    ],
    [`plan of ${HOSTS} hosts from facts`, `${Math.round(plan)} ms`, '–'],
  ]);
} finally {
  rmSync(folder, { recursive: true });
}
