import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { worldView } from '../../src/app/cluster/world.js';
import type { Json } from '../../src/core/canonical.js';
import type { HostTarget, Transport } from '../../src/core/ports/transport.js';
import type { Result } from '../../src/core/result.js';
import type { Action } from '../../src/plan/model.js';
import type { Performed } from '../../src/run/execute.js';
import { perform } from '../../src/run/perform.js';
import type { ActionMemory } from '../../src/run/progress.js';
import { actionFolder, restoreScript } from '../../src/run/remote/compose.js';
import { hostEffects, hostReads } from '../../src/run/remote/host-effects.js';
import type { StepFailure } from '../../src/steps/failure.js';
import type { ItemLog } from '../../src/steps/items.js';
import type { AnyStep, VerifyContext } from '../../src/steps/step.js';
import { noOperator } from '../support/no-operator.js';
import { systemClock, systemRandom } from '../support/ports.js';

/** A step with parameters that have something to do on the host. */
export interface ContractCase {
  readonly step: AnyStep;
  readonly params: Json;
  /** Makes the state that the step finds; runs once. */
  readonly prepare?: string;
  /** Breaks what the step made, so that its verify must fail. */
  readonly sabotage: string;
  /** Undoes `prepare`. */
  readonly cleanup?: string;
}

export interface Stage {
  readonly transport: Transport;
  readonly target: HostTarget;
}

/**
 * Everything of a host that a step may change and that must come back: no times, no counters, nothing that lab hosts
 * share with the machine (fs.inotify: raised whenever another lab comes up).
 */
const SNAPSHOT = `
cd /
find etc -xdev ! -path etc/ld.so.cache ! -path 'etc/.pwd.lock' -printf '%p %y %m %U %G %l\\n' | sort
find etc -xdev -type f ! -path etc/ld.so.cache -exec sha256sum {} + | sort -k2
lsattr -d etc/resolv.conf etc/hosts etc/fstab 2>/dev/null | sed 's/e//'
hostname; dpkg-query -W -f '\${db:Status-Abbrev} \${Package}\\n'
systemctl list-unit-files --no-legend --no-pager | awk '!/drover-/ { print $1, $2 }'
systemctl list-units --all --no-legend --no-pager --plain --type=service,timer | awk '!/drover-|session|user@|user-runtime|systemd-hostnamed|systemd-timedated|systemd-tmpfiles|apt-daily|dpkg-db/ { print $1, $2, $3 }' | sort
sysctl -a 2>/dev/null | grep -v nf_conntrack_count | grep -E '^(net\\.ipv[46]\\.(conf|icmp|ip_forward)|net\\.netfilter|net\\.bridge|vm\\.(over|panic)|kernel\\.(panic|hostname))'
for tool in iptables ip6tables; do $tool-save 2>/dev/null | grep -v '^#' | sed 's/ \\[.*//'; done
nft list tables
tail -n +2 /proc/swaps | cut -d' ' -f1; readlink /etc/localtime
`;

const remote = async ({ transport, target }: Stage, text: string): Promise<string> => {
  const result = await transport.run(target, { text, title: 'look' }, { timeoutMs: 120_000 });
  if (!result.ok) throw new Error(result.error.detail);
  if (result.value.status !== 0)
    throw new Error(`${result.value.status}: ${String(result.value.stdout)}${String(result.value.stderr)}`);
  return result.value.stdout.toString();
};

const NO_MEMORY: ActionMemory = { checkpoint: undefined, open: [], finished: new Set(), nextBatch: 1 };

const noItems: ItemLog = {
  open: [],
  finished: new Set(),
  intend: () => Promise.reject(new Error('no items here')),
  settle: () => Promise.reject(new Error('no items here')),
};

let runs = 0;
export const nextRun = (): string => `contract-${process.pid}-${Date.now()}-${(runs += 1)}`;

export interface Attempt {
  readonly run: string;
  /** Cuts the connection shortly after the change of this number has begun (1 = the first). */
  readonly cutAt?: number;
  /** Replaces the transport of changes. */
  readonly through?: Transport;
}

/** One case on one host: everything that the real performer does, and ways to disturb it. */
export const contractBench = (stage: Stage, one: ContractCase) => {
  const { step, params } = one;
  const { target } = stage;
  const id = `${step.id}/${target.name}`;
  const subject = { host: target.name, hosts: [target.name] };
  const tools = { transport: stage.transport, clock: systemClock, random: systemRandom };
  const view = worldView(tools, [{ target, role: 'server' }], []);
  const never = new AbortController().signal;
  const action: Action = {
    id,
    step: step.id,
    title: step.title(params),
    scope: 'host',
    host: target.name,
    hosts: [target.name],
    params: params as Action['params'],
    after: [],
    changes: [],
    risk: step.risk,
    undo: step.undo,
    replay: step.replay,
    disruptive: false,
    expected: step.expected,
  };
  let changes = 0;

  const attempt = (part: Attempt): Promise<Result<Performed, StepFailure>> => {
    changes = 0;
    const cut = new AbortController();
    const base = part.through ?? stage.transport;
    const counting: Transport = {
      ...base,
      run: (host, script, options) => {
        changes += 1;
        if (changes === part.cutAt) void delay(40).then(() => cut.abort());
        return base.run(host, script, options);
      },
    };
    const common = (signal: AbortSignal) => ({
      target,
      run: part.run,
      clock: systemClock,
      action: id,
      cluster: 'contract',
      fencing: 1,
      timeoutMs: step.timeoutMs,
      signal,
    });
    return perform({
      step: () => step,
      observe: view.observe,
      effects: (_action, _host, signal) => hostEffects({ ...common(signal), transport: counting }),
      reads: (_action, _host, signal) => hostReads({ ...common(signal), transport: stage.transport }),
      secret: () => Promise.reject(new Error('no secrets here')),
      keepSecret: () => Promise.reject(new Error('no secrets here')),
      checkpoint: () => Promise.resolve(),
      former: () => Promise.resolve(),
      run: part.run,
      kube: () => Promise.reject(new Error('no cluster here')),
      operator: () => noOperator,
      objects: () => Promise.reject(new Error('no objects here')),
      itemsOf: () => Promise.reject(new Error('no items here')),
      items: () => noItems,
      progress: () => undefined,
    })({
      action,
      attempt: 1,
      memory: NO_MEMORY,
      outputs: new Map(),
      mayStart: () => Promise.resolve(undefined),
      signal: cut.signal,
    });
  };

  return {
    attempt,
    /** Calls that the last attempt made to change the host. */
    changes: () => changes,
    plan: async () => {
      const world = await view.observe([target.name], step.reads, never);
      return step.diff(step.observe(world, subject, params), params);
    },
    verify: async () => {
      const world = await view.observe([target.name], step.reads, never);
      const context: VerifyContext = {
        subject,
        world,
        signal: never,
        operator: noOperator,
        kube: () => Promise.reject(new Error('no cluster here')),
        read: () => hostReads({ transport: stage.transport, target, timeoutMs: 60_000, signal: never }),
      };
      return step.verify(context, params);
    },
    undo: async (run: string) => {
      const text = `DROVER_ACTION=${actionFolder(run, id)}\n${restoreScript()}`;
      const told = await remote(stage, `{\n${text}\n}`);
      expect(told).not.toMatch(/failed|kept/);
    },
    snapshot: () => remote(stage, SNAPSHOT),
    host: (text: string) => remote(stage, text),
  };
};
export type Bench = ReturnType<typeof contractBench>;

/** The result of an attempt that must succeed: a failure shows itself whole. */
export const performed = (result: Result<Performed, StepFailure>): Performed => {
  if (result.ok) return result.value;
  throw new Error(JSON.stringify(result.error, null, 2));
};

/** Planning changes nothing; performing changes, performing again does not; undoing brings everything back. */
export const expectRoundTrip = async (bench: Bench): Promise<string> => {
  const before = await bench.snapshot();
  expect(await bench.plan()).not.toEqual([]);
  expect(await bench.snapshot()).toBe(before);
  const run = nextRun();
  expect(performed(await bench.attempt({ run })).result).toBe('changed');
  const after = await bench.snapshot();
  expect(after).not.toBe(before);
  expect(await bench.plan()).toEqual([]);
  expect(performed(await bench.attempt({ run: nextRun() })).result).toBe('held');
  expect(bench.changes()).toBe(0);
  await bench.undo(run);
  expect(await bench.snapshot()).toBe(before);
  return after;
};

/** Cut after each of its calls has begun, and resumed: the same end, and still the same way back. */
export const expectResumes = async (bench: Bench, after: string): Promise<void> => {
  const before = await bench.snapshot();
  for (let cutAt = 1; ; cutAt += 1) {
    const run = nextRun();
    const cut = await bench.attempt({ run, cutAt });
    const reached = bench.changes() >= cutAt;
    const resumed = cut.ok ? cut : await bench.attempt({ run });
    performed(resumed);
    expect(await bench.snapshot()).toBe(after);
    await bench.undo(run);
    expect(await bench.snapshot()).toBe(before);
    if (!reached) return;
  }
};

/** Verify holds after the change and fails when somebody breaks it. */
export const expectSabotageSeen = async (bench: Bench, sabotage: string): Promise<void> => {
  const run = nextRun();
  performed(await bench.attempt({ run }));
  expect(await bench.verify()).toMatchObject({ ok: true });
  await bench.host(sabotage);
  expect(await bench.verify()).toMatchObject({ ok: false });
  await bench.undo(run);
};
