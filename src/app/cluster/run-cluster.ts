import type { DroverError, DroverErrors } from '../../core/error.js';
import { EVENT_CLASS } from '../../core/events/event.js';
import type { RunEvent } from '../../core/events/run.js';
import type { Kube, KubeFailure } from '../../core/ports/kube.js';
import type { HostTarget } from '../../core/ports/transport.js';
import { err, ok, type Result } from '../../core/result.js';
import { joinSignals } from '../../core/signals.js';
import type { FactsFile } from '../../facts/model/facts-file.js';
import type { Action, Guard, Plan } from '../../plan/model.js';
import { fencedKube } from '../../run/fenced-kube.js';
import type { Journal } from '../../run/journal.js';
import {
  acquireLock,
  beat,
  HEARTBEAT_MS,
  type Lock,
  type LockRefusal,
  pauseLock,
  releaseLock,
} from '../../run/lock/majority.js';
import { hostEffects, hostReads } from '../../run/remote/host-effects.js';
import { runPlan } from '../../run/run-plan.js';
import type { RunSummary } from '../../run/summary.js';
import { stepOf } from '../../steps/catalogue.js';
import type { StepFailure } from '../../steps/failure.js';
import type { GuardContext } from '../../steps/guard.js';
import { guardOf } from '../../steps/guards/catalogue.js';
import type { SecretHandle } from '../../steps/step.js';
import type { DoctorHost } from '../doctor/subject.js';
import { type KubeAccess, kubeAccess } from './kube-access.js';
import { quorumGate } from './quorum.js';
import type { Replan } from './replan.js';
import { seeCluster } from './see-cluster.js';
import type { ClusterTools } from './tools.js';
import { worldView } from './world.js';

export interface RunRequest {
  readonly id: string;
  readonly mode: 'apply' | 'rollback';
  readonly plan: Plan;
  readonly facts: FactsFile | undefined;
  readonly hosts: readonly DoctorHost[];
  readonly past: readonly RunEvent[];
  readonly journal: Journal;
  readonly concurrency: number;
  readonly breakRun: string | undefined;
  /** Plans later stages; a plan without such stages needs none. */
  readonly replan?: Replan;
  /** What lies outside a stage's envelope and was agreed to. */
  readonly accept?: string | undefined;
}

const refusalError = (refusal: LockRefusal): DroverError => {
  if (refusal.kind === 'no-majority') {
    return {
      code: 'run-no-majority',
      message: `the lock was taken on ${refusal.answered} server hosts, ${refusal.needed} are needed`,
      cause: refusal.details.join('; '),
      state: 'nothing was changed',
    };
  }
  const { by, stale, kind } = refusal;
  return {
    code: 'run-locked',
    message: `run ${by.run} of ${by.owner} holds this cluster${kind === 'paused' ? ' and is paused' : ''}`,
    cause: `its last heartbeat on ${by.host} is ${by.ageSeconds} s old`,
    state: 'nothing was changed',
    hint: stale
      ? `if that run is dead for certain: --break-lock ${by.run}`
      : 'wait for it, or ask its operator',
  };
};

const secretFailure = (message: string): StepFailure => ({
  class: 'permanent',
  code: 'secret-unreadable',
  message,
});

/** Heartbeats until stopped; calls `lost` when the lock is no longer ours. */
const keepAlive = (tools: ClusterTools, lock: Lock, lost: () => void): (() => Promise<void>) => {
  const stop = new AbortController();
  const loop = async (): Promise<void> => {
    for (;;) {
      await tools.clock.delay(HEARTBEAT_MS, stop.signal);
      if (!(await beat(tools.transport, lock))) lost();
    }
  };
  // The delay rejects when it is stopped, which ends the loop.
  const ended = loop().catch(() => undefined);
  return async () => {
    stop.abort();
    await ended;
  };
};

const fencedOff: KubeFailure = {
  kind: 'cancelled',
  message: 'this run no longer holds the lock of the cluster',
  causes: [],
};

/** What the ports of one run share: its lock, whether that is lost, and the way to the API. */
interface Held {
  readonly lock: Lock;
  readonly lost: AbortSignal;
  readonly access: KubeAccess;
}

const portsOf = (tools: ClusterTools, request: RunRequest, { lock, lost, access }: Held) => {
  const targets = new Map(request.hosts.map(({ target }) => [target.name, target]));
  const targetFor = (host: string): HostTarget => targets.get(host) ?? { name: host, address: host };
  const view = worldView(tools, request.hosts, request.facts?.hosts ?? [], seeCluster(access, tools));
  const common = (action: Action, host: string, signal: AbortSignal) => ({
    transport: tools.transport,
    target: targetFor(host),
    run: request.id,
    action: action.id,
    cluster: request.plan.cluster.name,
    fencing: lock.fencing,
    timeoutMs: stepOf(action.step)?.timeoutMs ?? 60_000,
    signal,
  });
  return {
    step: stepOf,
    observe: view.observe,
    effects: (action: Action, host: string, signal: AbortSignal) => hostEffects(common(action, host, signal)),
    reads: (action: Action, host: string, signal: AbortSignal) => hostReads(common(action, host, signal)),
    kube: async (_action: Action, signal: AbortSignal): Promise<Result<Kube, StepFailure>> => {
      const opened = await access.open(signal);
      const fence = () => Promise.resolve(lost.aborted ? fencedOff : undefined);
      return opened.ok ? ok(fencedKube(opened.value, fence)) : opened;
    },
    keepSecret: async (handle: string, value: Uint8Array): Promise<Result<SecretHandle, StepFailure>> => {
      const stored = await tools.secrets.ensure(handle, () => value);
      return stored.ok ? ok({ secret: handle }) : err(secretFailure(stored.error.message));
    },
    secret: async (handle: string): Promise<Result<Uint8Array, StepFailure>> => {
      const found = await tools.secrets.get(handle);
      return found.ok ? found : err(secretFailure(found.error.message));
    },
  };
};

const guardContext = (
  tools: ClusterTools,
  request: RunRequest,
  guard: Guard,
  { access, signal }: { readonly access: KubeAccess; readonly signal: AbortSignal },
): GuardContext => {
  const targets = new Map(request.hosts.map(({ target }) => [target.name, target]));
  return {
    run: request.id,
    hosts: guard.hosts,
    read: (host) => {
      const target = targets.get(host) ?? { name: host, address: host };
      return hostReads({ transport: tools.transport, target, timeoutMs: 60_000, signal });
    },
    kube: () => access.open(signal),
    clock: tools.clock,
    signal,
  };
};

const noReplan: Replan = () => Promise.reject(new Error('a plan with later stages runs without a planner'));

const servers = (hosts: readonly DoctorHost[]): HostTarget[] =>
  hosts.filter(({ role }) => role === 'server').map(({ target }) => target);

/** A paused run keeps its lock; every other end gives it back. */
const endLock = async (tools: ClusterTools, lock: Lock, paused: boolean): Promise<void> => {
  if (paused) await pauseLock(tools.transport, lock);
  else await releaseLock(tools.transport, lock);
};

/** Takes the lock, runs the plan under it, and lets it go, unless the run waits for a person. */
export const runCluster = async (
  request: RunRequest,
  tools: ClusterTools,
): Promise<Result<RunSummary, DroverErrors>> => {
  const claim = {
    cluster: request.plan.cluster.name,
    run: request.id,
    owner: tools.operator,
    ...(request.breakRun === undefined ? {} : { breakRun: request.breakRun }),
  };
  const locked = await acquireLock(tools.transport, servers(request.hosts), claim);
  if (!locked.ok) return err([refusalError(locked.error)]);
  const lock = locked.value;
  const lost = new AbortController();
  const access = kubeAccess(servers(request.hosts), tools);
  const limit = joinSignals([tools.hard, lost.signal]);
  let paused = false;
  const stopBeating = keepAlive(tools, lock, () => lost.abort());
  try {
    const summary = await runPlan({
      run: request.id,
      mode: request.mode,
      plan: request.plan,
      operator: tools.operator,
      fencing: lock.fencing,
      past: request.past,
      concurrency: request.concurrency,
      clock: tools.clock,
      spread: () => (tools.random.bytes(1)[0] ?? 0) / 256,
      record: async (event) => {
        if (EVENT_CLASS[event.type] === 'durable') await request.journal.append(event);
        tools.emit(event);
      },
      show: tools.emit,
      ports: portsOf(tools, request, { lock, lost: lost.signal, access }),
      guards: {
        kind: guardOf,
        context: (guard, watching) => guardContext(tools, request, guard, { access, signal: watching }),
      },
      replan: request.replan ?? noReplan,
      accept: request.accept,
      mayStart: quorumGate(servers(request.hosts), tools),
      soft: tools.soft,
      hard: limit.signal,
    });
    paused = summary.event.outcome === 'paused';
    return ok(summary);
  } finally {
    access.close();
    limit.release();
    await stopBeating();
    await endLock(tools, lock, paused);
    await request.journal.close();
  }
};
