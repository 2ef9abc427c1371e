import type { DroverErrors } from '../../core/error.js';
import type { KubeFailure } from '../../core/ports/kube.js';
import type { HostTarget } from '../../core/ports/transport.js';
import { err, ok, type Result } from '../../core/result.js';
import type { Fence } from '../../run/fenced-kube.js';
import type { LockClaim } from '../../run/lock/host-lock.js';
import {
  acquireLease,
  beatLease,
  type LeaseLock,
  leaseState,
  pauseLease,
  releaseLease,
} from '../../run/lock/lease.js';
import {
  acquireLock,
  beat,
  HEARTBEAT_MS,
  type Lock,
  pauseLock,
  releaseLock,
} from '../../run/lock/majority.js';
import type { KubeAccess } from './kube-access.js';
import { type Holder, holderOf, type NotTaken, refusalError } from './lock-refusal.js';
import type { ClusterTools } from './tools.js';

export interface LockRequest {
  readonly cluster: string;
  readonly run: string;
  /** Without any the Lease alone is the lock: there is only a kubeconfig. */
  readonly servers: readonly HostTarget[];
  readonly access: KubeAccess;
  /** Run whose lock may be taken over, named beforehand. */
  readonly breakRun: string | undefined;
  /** Asked when somebody holds the lock; true = take it over. */
  readonly mayBreak?: (holder: Holder) => Promise<boolean>;
}

/**
 * The lock of one cluster: on a majority of its servers, and as a Lease once its API answers; the Lease alone where there
 * is only a kubeconfig (invariant 4).
 */
export interface ClusterLock {
  readonly fencing: number;
  /** Aborted when the lock is no longer ours. */
  readonly lost: AbortSignal;
  /** Asked before every write to the API. */
  readonly fence: Fence;
  /** A paused run keeps its lock; every other end gives it back. */
  readonly end: (paused: boolean) => Promise<void>;
}

const FENCED_OFF: KubeFailure = {
  kind: 'cancelled',
  message: 'this run no longer holds the lock of the cluster',
  causes: [],
};

/** An answer of the Lease that is not older than this is believed. */
const FRESH_MS = 1_000;

interface Held {
  readonly tools: ClusterTools;
  readonly request: LockRequest;
  /** On the servers; undefined = there are none, the Lease alone counts. */
  readonly lock: Lock | undefined;
  readonly lost: AbortController;
  /** The number under which the Lease is held; undefined = not yet. */
  leased: LockClaim | undefined;
  checkedAt: number;
}

/** The Lease through a server that is ready now; undefined when there is none, or the Lease is not ours yet. */
const leaseOf = async ({ request, leased, lost }: Held): Promise<LeaseLock | undefined> => {
  if (leased === undefined) return undefined;
  const opened = await request.access.open(lost.signal);
  return opened.ok ? { kube: opened.value, claim: leased } : undefined;
};

/** Takes the Lease when the API answers. Beside a lock on hosts a silent API is no refusal; alone it is. */
const takeLease = async (held: Held, claim: LockClaim): Promise<NotTaken | undefined> => {
  const opened = await held.request.access.open(held.lost.signal);
  if (!opened.ok) {
    const { code, message, cause = message } = opened.error;
    return held.lock === undefined ? { kind: 'no-lease', code, cause } : undefined;
  }
  const taken = await acquireLease(opened.value, claim, held.tools.clock.now());
  if (taken.ok) {
    held.leased = taken.value.claim;
    return undefined;
  }
  if (taken.error.kind === 'refused') return taken.error.refusal;
  const { kind, message } = taken.error.failure;
  return held.lock === undefined ? { kind: 'no-lease', code: `kube-${kind}`, cause: message } : undefined;
};

const beatOnce = async (held: Held): Promise<void> => {
  const { tools, lock, lost } = held;
  if (lock !== undefined && !(await beat(tools.transport, lock))) lost.abort();
  if (lock !== undefined && held.leased === undefined) {
    if ((await takeLease(held, lock.claim)) !== undefined) lost.abort();
    return;
  }
  const lease = await leaseOf(held);
  if (lease !== undefined && (await beatLease(lease, tools.clock.now())) === 'lost') lost.abort();
};

/** Heartbeats until stopped. */
const keepAlive = (held: Held): (() => Promise<void>) => {
  const stop = new AbortController();
  const loop = async (): Promise<void> => {
    for (;;) {
      await held.tools.clock.delay(HEARTBEAT_MS, stop.signal);
      await beatOnce(held);
    }
  };
  // The delay rejects when it is stopped, which ends the loop.
  const ended = loop().catch(() => undefined);
  return async () => {
    stop.abort();
    await ended;
  };
};

const fenceOf =
  (held: Held): Fence =>
  async () => {
    const { tools, lost } = held;
    const now = tools.clock.monotonic();
    if (!lost.signal.aborted && now - held.checkedAt > FRESH_MS) {
      const lease = await leaseOf(held);
      if (lease !== undefined && (await leaseState(lease, tools.clock.now())) === 'lost') lost.abort();
      held.checkedAt = now;
    }
    return lost.signal.aborted ? FENCED_OFF : undefined;
  };

const letGo = async (held: Held, paused: boolean): Promise<void> => {
  const { tools, lock } = held;
  const lease = await leaseOf(held);
  const now = tools.clock.now();
  if (lease !== undefined) await (paused ? pauseLease(lease, now) : releaseLease(lease, now));
  if (lock !== undefined)
    await (paused ? pauseLock(tools.transport, lock) : releaseLock(tools.transport, lock));
};

const takeOnce = async (
  request: LockRequest,
  breakRun: string | undefined,
  tools: ClusterTools,
): Promise<Result<Held, NotTaken>> => {
  const claim = {
    cluster: request.cluster,
    run: request.run,
    owner: tools.operator,
    ...(breakRun === undefined ? {} : { breakRun }),
  };
  const alone = request.servers.length === 0;
  const locked = alone ? undefined : await acquireLock(tools.transport, request.servers, claim);
  if (locked?.ok === false) return locked;
  const lock = locked?.value;
  const lost = new AbortController();
  const held: Held = { tools, request, lock, lost, leased: undefined, checkedAt: -Infinity };
  const refusal = await takeLease(held, lock?.claim ?? { ...claim, fencing: 0 });
  if (refusal === undefined) return ok(held);
  if (lock !== undefined) await releaseLock(tools.transport, lock);
  return err(refusal);
};

/** Takes the lock and keeps it alive, or says who holds it and how old that one's last heartbeat is. */
export const takeClusterLock = async (
  request: LockRequest,
  tools: ClusterTools,
): Promise<Result<ClusterLock, DroverErrors>> => {
  let taken = await takeOnce(request, request.breakRun, tools);
  if (!taken.ok && request.mayBreak !== undefined) {
    const holder = holderOf(taken.error);
    if (holder !== undefined && (await request.mayBreak(holder)))
      taken = await takeOnce(request, holder.run, tools);
  }
  if (!taken.ok) return err([refusalError(taken.error)]);
  const held = taken.value;
  const stopBeating = keepAlive(held);
  return ok({
    fencing: held.lock?.fencing ?? held.leased?.fencing ?? 0,
    lost: held.lost.signal,
    fence: fenceOf(held),
    end: async (paused) => {
      await stopBeating();
      await letGo(held, paused);
    },
  });
};
