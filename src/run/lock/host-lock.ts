import { readFileSync } from 'node:fs';
import type { HostTarget, Transport, TransportFailure } from '../../core/ports/transport.js';
import { err, ok, type Result } from '../../core/result.js';

export type LockOperation = 'read' | 'take' | 'beat' | 'pause' | 'release';

/** Who asks for the lock. Names hold no white space. */
export interface LockClaim {
  readonly cluster: string;
  readonly run: string;
  readonly owner: string;
  readonly fencing: number;
  /** Run whose lock may be taken over, after the operator said so. */
  readonly breakRun?: string;
}

/** What one host says about the lock. */
export interface HostLock {
  readonly host: string;
  readonly state: 'free' | 'mine' | 'held' | 'paused';
  readonly fencing: number;
  /** Seconds since the holder's last heartbeat. */
  readonly ageSeconds: number;
  readonly run: string;
  readonly owner: string;
  /** Alive means that some process of `run` gives heartbeats; a paused run gives none. */
  readonly beating: boolean;
}

const text = readFileSync(new URL('lock.sh', import.meta.url), 'utf8');
export const plain = (value: string): string => value.replace(/[^A-Za-z0-9.@_-]/g, '_');

const parse = (host: string, line: string): HostLock | undefined => {
  const [state, fencing, age, run, owner, mark] = line.trim().split(' ');
  if (state !== 'free' && state !== 'mine' && state !== 'held' && state !== 'paused') return undefined;
  return {
    host,
    state,
    fencing: Number(fencing),
    ageSeconds: Number(age),
    run: run ?? '-',
    owner: owner ?? '-',
    beating: mark === 'held',
  };
};

/** One operation on one host's part of the lock. */
export const lockOnHost = async (
  transport: Transport,
  target: HostTarget,
  operation: LockOperation,
  claim: LockClaim & { readonly signal?: AbortSignal },
): Promise<Result<HostLock, TransportFailure>> => {
  const variables = [
    ['CLUSTER', claim.cluster],
    ['OPERATION', operation],
    ['RUN', claim.run],
    ['OWNER', claim.owner],
    ['FENCE', String(claim.fencing)],
    ['BREAK', claim.breakRun ?? ''],
  ].map(([name, value]) => `DROVER_${name ?? ''}='${plain(value ?? '')}'`);
  const script = { title: `lock ${operation}`, text: `${variables.join('\n')}\n${text}` };
  const limits =
    claim.signal === undefined ? { timeoutMs: 15_000 } : { timeoutMs: 15_000, signal: claim.signal };
  const result = await transport.run(target, script, limits);
  if (!result.ok) return result;
  const answer =
    result.value.status === 0 ? parse(target.name, result.value.stdout.toString('utf8')) : undefined;
  if (answer !== undefined) return ok(answer);
  const detail = `the lock answered ${result.value.status}: ${result.value.stderr.toString('utf8').trim()}`;
  return err({ kind: 'protocol', host: target.name, detail, notStarted: false });
};
