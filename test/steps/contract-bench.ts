import { expect } from 'vitest';
import { worldView } from '../../src/app/cluster/world.js';
import type { Json } from '../../src/core/canonical.js';
import type { Kube } from '../../src/core/ports/kube.js';
import type { HostTarget, Transport } from '../../src/core/ports/transport.js';
import { ok, type Result } from '../../src/core/result.js';
import { collectCluster } from '../../src/facts/cluster/collect-cluster.js';
import type { Action } from '../../src/plan/model.js';
import type { Performed } from '../../src/run/execute.js';
import { type PerformPorts, perform } from '../../src/run/perform.js';
import type { ActionMemory } from '../../src/run/progress.js';
import { actionFolder } from '../../src/run/remote/compose.js';
import { hostEffects, hostReads } from '../../src/run/remote/host-effects.js';
import { type UndoParams, undoStepId, withUndo } from '../../src/run/rollback/undo-step.js';
import type { StepFailure } from '../../src/steps/failure.js';
import type { ItemLog } from '../../src/steps/items.js';
import { readingOnly } from '../../src/steps/kube-reads.js';
import type { AnyStep, VerifyContext } from '../../src/steps/step.js';
import { noOperator } from '../support/no-operator.js';
import { systemClock, systemRandom } from '../support/ports.js';
import { PREPARATION_SNAPSHOT } from './host-snapshot.js';
import { type Scissors, scissors } from './scissors.js';

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

/** Where a case is played. */
export interface Stage {
  readonly transport: Transport;
  /** The step's host; of steps of a cluster, that of the node. */
  readonly target: HostTarget;
  /** Server unless told otherwise. */
  readonly role?: 'server' | 'agent';
  /** Everything that the step may change, or a script that prints it; of host preparation unless told otherwise. */
  readonly snapshot?: string | (() => Promise<string>);
  /** Where sabotage runs; on the step's host unless told otherwise. */
  readonly at?: HostTarget;
  /** Secrets that the step may open, by handle. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** The API of the cluster, where there is one. */
  readonly kube?: () => Promise<Kube>;
}

const remote = async (transport: Transport, target: HostTarget, text: string): Promise<string> => {
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
  /** Cuts the attempt off at the change of this number (1 = the first). */
  readonly cutAt?: number;
  /** Replaces the transport of changes. */
  readonly through?: Transport;
}

const actionOf = ({ step, params }: ContractCase, host: string): Action => ({
  id: `${step.id}/${host}`,
  step: step.id,
  title: step.title(params),
  scope: step.scope,
  host,
  hosts: [host],
  params: params as Action['params'],
  after: [],
  changes: [],
  risk: step.risk,
  undo: step.undo,
  replay: step.replay,
  disruptive: false,
  expected: step.expected,
});

const none = (what: string) => (): Promise<never> => Promise.reject(new Error(`no ${what} here`));

/** One case on one host: everything that the real performer does, and ways to disturb it. */
export const contractBench = (stage: Stage, one: ContractCase) => {
  const { step, params } = one;
  const { target, transport } = stage;
  const action = actionOf(one, target.name);
  const subject = { host: target.name, hosts: [target.name] };
  const tools = { transport, clock: systemClock, random: systemRandom };
  const never = new AbortController().signal;
  const open = stage.kube ?? none('cluster');
  const view = worldView(tools, [{ target, role: stage.role ?? 'server' }], [], {
    cluster: async (signal) => {
      const facts = await collectCluster({ kube: await open(), clock: systemClock, signal });
      return facts.ok ? facts.value : undefined;
    },
  });
  /** What actions with an inverse found first, by run, as the journal keeps it. */
  const formers = new Map<string, Json>();
  /** What actions stored for the case that they are cut, by run. */
  const checkpoints = new Map<string, Json>();
  let last: Scissors | undefined;

  const portsOf = ({ run, through }: Attempt, cut: Scissors): PerformPorts => {
    const common = (of: Action, signal: AbortSignal) => ({
      target,
      run,
      action: of.id,
      cluster: 'contract',
      fencing: 1,
      timeoutMs: step.timeoutMs,
      signal,
    });
    return {
      step: withUndo(() => step),
      observe: view.observe,
      effects: (of, _host, signal) =>
        hostEffects({ ...common(of, signal), transport: cut.host(through ?? transport) }),
      reads: (of, _host, signal) => hostReads({ ...common(of, signal), transport }),
      secret: (handle) => {
        const value = stage.secrets?.[handle];
        return value === undefined ? none(`secret ${handle}`)() : Promise.resolve(ok(Buffer.from(value)));
      },
      keepSecret: none('secrets'),
      checkpoint: (_action, checkpoint) => {
        checkpoints.set(run, checkpoint);
        return Promise.resolve();
      },
      former: (_id, state) => {
        if (!formers.has(run)) formers.set(run, state);
        return Promise.resolve();
      },
      run,
      kube: async () => ok(cut.api(await open())),
      operator: () => noOperator,
      objects: none('objects'),
      itemsOf: none('items'),
      items: () => noItems,
      clock: systemClock,
      progress: () => undefined,
    };
  };

  const attempt = (part: Attempt, of = action): Promise<Result<Performed, StepFailure>> => {
    const cut = scissors(part.cutAt);
    last = cut;
    const input = {
      action: of,
      attempt: 1,
      memory: { ...NO_MEMORY, checkpoint: checkpoints.get(part.run) },
      outputs: new Map(),
      mayStart: () => Promise.resolve(undefined),
      signal: cut.signal,
    };
    return perform(portsOf(part, cut))(input);
  };

  return {
    step,
    target,
    attempt: (part: Attempt) => attempt(part),
    /** Changes that the last attempt made. */
    changes: () => last?.changes() ?? 0,
    plan: async () => {
      const world = await view.observe([target.name], step.reads, never);
      return step.diff(step.observe(world, subject, params), params);
    },
    verify: async () => {
      const world = await view.observe([target.name], step.reads, never);
      const context: VerifyContext = {
        subject,
        world,
        again: () => view.observe([target.name], step.reads, never),
        signal: never,
        operator: noOperator,
        kube: async () => ok(readingOnly(await open())),
        read: () => hostReads({ transport, target, timeoutMs: 60_000, signal: never }),
      };
      return step.verify(context, params);
    },
    /** Takes a run back as `drover rollback` does, and leaves nothing of it. */
    undo: async (run: string, { overwrite = false } = {}): Promise<void> => {
      const former = formers.get(run) ?? null;
      const call: UndoParams = { run, action: action.id, params, former, overwrite, dataAgreed: false };
      const of = {
        ...action,
        id: `undo/${action.id}`,
        step: undoStepId(step.id),
        params: call as Action['params'],
      };
      performed(await attempt({ run: nextRun() }, of));
      if (step.scope !== 'host') return;
      const look = `cat '${actionFolder(run, action.id)}/kept' 2>&1 || true`;
      const kept = await remote(transport, target, look);
      expect(kept).toMatch(/No such file/);
    },
    snapshot: () =>
      typeof stage.snapshot === 'function'
        ? stage.snapshot()
        : remote(transport, target, stage.snapshot ?? PREPARATION_SNAPSHOT),
    host: (text: string) => remote(transport, stage.at ?? target, text),
  };
};
export type Bench = ReturnType<typeof contractBench>;

/** The result of an attempt that must succeed: a failure shows itself whole. */
export const performed = (result: Result<Performed, StepFailure>): Performed => {
  if (result.ok) return result.value;
  throw new Error(JSON.stringify(result.error, null, 2));
};
