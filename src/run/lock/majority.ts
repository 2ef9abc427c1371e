import type { HostTarget, Transport } from '../../core/ports/transport.js';
import { err, ok, type Result } from '../../core/result.js';
import { type HostLock, type LockClaim, type LockOperation, lockOnHost, plain } from './host-lock.js';

/*
 * Invariant 4: the lock is held on a majority of server hosts, so that two operators who reach different hosts
 * can never both hold it. Every holder gets a higher fencing number than all before it.
 */

/** Heartbeats come this often; a lock without one for three times as long may be broken, after asking. */
export const HEARTBEAT_MS = 10_000;
export const STALE_SECONDS = 30;

export type LockRefusal =
  | { readonly kind: 'held' | 'paused'; readonly by: HostLock; readonly stale: boolean }
  | {
      readonly kind: 'no-majority';
      readonly answered: number;
      readonly needed: number;
      readonly details: readonly string[];
    };

export interface Lock {
  readonly fencing: number;
  readonly claim: LockClaim;
  readonly hosts: readonly HostTarget[];
}

interface Round {
  readonly answers: readonly HostLock[];
  readonly details: readonly string[];
}

const round = async (
  transport: Transport,
  hosts: readonly HostTarget[],
  operation: LockOperation,
  claim: LockClaim,
): Promise<Round> => {
  const results = await Promise.all(hosts.map((host) => lockOnHost(transport, host, operation, claim)));
  return {
    answers: results.flatMap((result) => (result.ok ? [result.value] : [])),
    details: results.flatMap((result) => (result.ok ? [] : [`${result.error.host}: ${result.error.detail}`])),
  };
};

const majority = (hosts: readonly HostTarget[]): number => Math.floor(hosts.length / 2) + 1;

const byOthers = ({ state }: HostLock): boolean => state === 'held' || state === 'paused';

/** The same run goes on under another operator, right now: resuming it would make two of it. */
export const bySomebodyElse = (
  { state, beating, ageSeconds, owner }: HostLock,
  claim: Pick<LockClaim, 'owner'>,
): boolean => state === 'mine' && beating && ageSeconds <= STALE_SECONDS && owner !== plain(claim.owner);

const holderIn = (answers: readonly HostLock[], claim: LockClaim): LockRefusal | undefined => {
  const by = answers.find(
    (answer) => answer.run !== claim.breakRun && (byOthers(answer) || bySomebodyElse(answer, claim)),
  );
  if (by === undefined) return undefined;
  return {
    kind: by.state === 'paused' ? 'paused' : 'held',
    by,
    stale: by.state === 'held' && by.ageSeconds > STALE_SECONDS,
  };
};

/**
 * Takes the lock, or says who holds it. Nothing stays behind when it is refused. A lock that is stale or paused is
 * refused too unless `claim.breakRun` names its run: a person decides (invariant 6).
 */
export const acquireLock = async (
  transport: Transport,
  hosts: readonly HostTarget[],
  claim: Omit<LockClaim, 'fencing'>,
): Promise<Result<Lock, LockRefusal>> => {
  const needed = majority(hosts);
  const seen = await round(transport, hosts, 'read', { ...claim, fencing: 0 });
  const refusal = holderIn(seen.answers, { ...claim, fencing: 0 });
  if (refusal !== undefined) return err(refusal);
  if (seen.answers.length < needed)
    return err({ kind: 'no-majority', answered: seen.answers.length, needed, details: seen.details });
  const fencing = Math.max(0, ...seen.answers.map((answer) => answer.fencing)) + 1;
  const own = { ...claim, fencing };
  const taken = await round(transport, hosts, 'take', own);
  const mine = taken.answers.filter(({ state }) => state === 'mine').length;
  if (mine >= needed) return ok({ fencing, claim: own, hosts });
  await round(transport, hosts, 'release', own);
  const winner = holderIn(taken.answers, own);
  return err(winner ?? { kind: 'no-majority', answered: mine, needed, details: taken.details });
};

/** One heartbeat. False when the lock is no longer ours on a majority: the run must stop before its next change. */
export const beat = async (transport: Transport, lock: Lock): Promise<boolean> => {
  const { answers } = await round(transport, lock.hosts, 'beat', lock.claim);
  return answers.filter(({ state }) => state === 'mine').length >= majority(lock.hosts);
};

/** A paused run keeps its lock without heartbeats. */
export const pauseLock = async (transport: Transport, lock: Lock): Promise<void> => {
  await round(transport, lock.hosts, 'pause', lock.claim);
};

export const releaseLock = async (transport: Transport, lock: Lock): Promise<void> => {
  await round(transport, lock.hosts, 'release', lock.claim);
};
