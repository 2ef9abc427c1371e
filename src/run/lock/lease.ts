import type { Kube, KubeFailure, KubeObject } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import type { HostLock, LockClaim } from './host-lock.js';
import { bySomebodyElse, type LockRefusal, STALE_SECONDS } from './majority.js';

/*
 * Invariant 4: beside the lock on a majority of the servers stands a Lease in the cluster itself, so that operators
 * who have nothing but a kubeconfig are kept out too, and keep others out.
 */

const LEASES = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases' } as const;
const REF = { resource: LEASES, namespace: 'kube-system', name: 'drover' } as const;
const PLACE = 'the Lease kube-system/drover';

const FENCING = 'drover.dev/fencing';
const OWNER = 'drover.dev/owner';
const PAUSED = 'drover.dev/paused';

export interface LeaseLock {
  readonly kube: Kube;
  readonly claim: LockClaim;
}

type Refused =
  | { readonly kind: 'refused'; readonly refusal: LockRefusal }
  | { readonly kind: 'api'; readonly failure: KubeFailure };

interface LeaseSpec {
  readonly holderIdentity?: string | null;
  readonly renewTime?: string | null;
}

const specOf = (lease: KubeObject): LeaseSpec => lease['spec'] ?? {};

/** What a Lease says, in the words of the lock on hosts. `now` in milliseconds. */
const readLease = (lease: KubeObject, run: string, now: number): HostLock => {
  const { holderIdentity, renewTime } = specOf(lease);
  const { annotations = {} } = lease.metadata;
  const holder = holderIdentity ?? '';
  const since = typeof renewTime === 'string' ? Date.parse(renewTime) : now;
  return {
    host: PLACE,
    state:
      holder === '' ? 'free' : holder === run ? 'mine' : annotations[PAUSED] === 'true' ? 'paused' : 'held',
    fencing: Number(annotations[FENCING] ?? 0),
    ageSeconds: Math.max(0, Math.round((now - since) / 1000)),
    run: holder,
    owner: annotations[OWNER] ?? '-',
    beating: holder !== '' && annotations[PAUSED] !== 'true',
  };
};

/** Times of Leases carry microseconds. */
const microTime = (now: number): string => new Date(now).toISOString().replace('Z', '000Z');

const held = ({ run, owner, fencing }: LockClaim, now: number, paused: boolean) => ({
  metadata: { annotations: { [FENCING]: String(fencing), [OWNER]: owner, [PAUSED]: String(paused) } },
  spec: { holderIdentity: run, renewTime: microTime(now), leaseDurationSeconds: STALE_SECONDS },
});

const refused = (by: HostLock): Refused => ({
  kind: 'refused',
  refusal: {
    kind: by.state === 'paused' ? 'paused' : 'held',
    by,
    stale: by.state === 'held' && by.ageSeconds > STALE_SECONDS,
  },
});

const create = async (
  kube: Kube,
  claim: LockClaim,
  now: number,
): Promise<Result<KubeObject, KubeFailure>> => {
  const { metadata, spec } = held(claim, now, false);
  const object = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: REF.name, namespace: REF.namespace, ...metadata },
    spec,
  };
  return kube.create({ resource: LEASES, namespace: REF.namespace }, object);
};

const api = (failure: KubeFailure): Refused => ({ kind: 'api', failure });

/** Creates the Lease, or changes exactly the version that was seen: of two who try, one is refused. */
const writeHeld = (kube: Kube, found: KubeObject | undefined, claim: LockClaim, now: number) => {
  if (found === undefined) return create(kube, claim, now);
  const { metadata, spec } = held(claim, now, false);
  const version = found.metadata.resourceVersion;
  return kube.patch(REF, { metadata: { ...metadata, resourceVersion: version }, spec }, { type: 'merge' });
};

const isTaken = (seen: HostLock, claim: LockClaim): boolean =>
  seen.state === 'held' || seen.state === 'paused' || bySomebodyElse(seen, claim);

/**
 * Takes the Lease, or says who holds it. Its number is the claim's, or above every earlier one where those are higher:
 * runs that have nothing but a kubeconfig claim 0. Somebody who is quicker wins by resourceVersion.
 */
export const acquireLease = async (
  kube: Kube,
  claim: LockClaim,
  now: number,
): Promise<Result<LeaseLock, Refused>> => {
  const found = await kube.get(REF);
  if (!found.ok && found.error.kind !== 'not-found') return err(api(found.error));
  const seen = found.ok ? readLease(found.value, claim.run, now) : undefined;
  if (seen !== undefined && isTaken(seen, claim) && seen.run !== claim.breakRun) return err(refused(seen));
  const own = { ...claim, fencing: Math.max(claim.fencing, (seen?.fencing ?? 0) + 1) };
  const written = await writeHeld(kube, found.ok ? found.value : undefined, own, now);
  if (written.ok) return ok({ kube, claim: own });
  if (!['conflict', 'already-exists'].includes(written.error.kind)) return err(api(written.error));
  const winner = await kube.get(REF);
  return err(winner.ok ? refused(readLease(winner.value, claim.run, now)) : api(winner.error));
};

export type LeaseState = 'mine' | 'lost' | 'unknown';

const look = async (
  { kube, claim }: LeaseLock,
  now: number,
): Promise<{ readonly state: LeaseState; readonly version?: string | undefined }> => {
  const found = await kube.get(REF);
  if (!found.ok) return { state: found.error.kind === 'not-found' ? 'lost' : 'unknown' };
  const { state, fencing } = readLease(found.value, claim.run, now);
  const mine = state === 'mine' && fencing === claim.fencing;
  return { state: mine ? 'mine' : 'lost', version: found.value.metadata.resourceVersion };
};

/** Whether the Lease is still ours. `unknown` = the API does not answer. */
export const leaseState = async (lease: LeaseLock, now: number): Promise<LeaseState> =>
  (await look(lease, now)).state;

interface LeasePatch {
  readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
  readonly spec: object;
}

/** Changes exactly the version that was ours: who took it over meanwhile keeps it. */
const write = async (lease: LeaseLock, now: number, { metadata, spec }: LeasePatch): Promise<LeaseState> => {
  const seen = await look(lease, now);
  if (seen.state !== 'mine') return seen.state;
  const patch = { metadata: { ...metadata, resourceVersion: seen.version }, spec };
  return (await lease.kube.patch(REF, patch, { type: 'merge' })).ok ? 'mine' : 'unknown';
};

/** One heartbeat. */
export const beatLease = (lease: LeaseLock, now: number): Promise<LeaseState> =>
  write(lease, now, held(lease.claim, now, false));

/** A paused run keeps its Lease without heartbeats. */
export const pauseLease = async (lease: LeaseLock, now: number): Promise<void> => {
  await write(lease, now, held(lease.claim, now, true));
};

/** The object stays: it remembers the highest number. */
export const releaseLease = async (lease: LeaseLock, now: number): Promise<void> => {
  await write(lease, now, { metadata: { annotations: { [PAUSED]: 'false' } }, spec: { holderIdentity: '' } });
};
