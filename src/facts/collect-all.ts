import type { DroverError } from '../core/error.js';
import type { Emit } from '../core/events/event.js';
import type { Clock } from '../core/ports/clock.js';
import type { HostTarget, Transport, TransportFailure } from '../core/ports/transport.js';
import { collectHost } from './collect-host.js';
import { hostSummary } from './host-summary.js';
import type { CollectorId, HostFacts } from './model/host-facts.js';

export interface CollectTarget {
  readonly target: HostTarget;
  readonly role: HostFacts['role'];
}

export interface CollectAllOptions {
  readonly clock: Clock;
  readonly emit: Emit;
  /** Random per run, at most 64 bytes. */
  readonly key: Uint8Array;
  readonly nonce: string;
  /** How a failure of the transport reads to a person; the transport's own, injected. */
  readonly toError: (failure: TransportFailure) => DroverError;
  readonly only?: readonly CollectorId[];
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Reads the facts of all hosts at once (the transport limits how many really run), telling what happens. A host
 * that cannot be reached is part of the result, with the reason. Order as given.
 */
export const collectAll = async (
  transport: Transport,
  hosts: readonly CollectTarget[],
  options: CollectAllOptions,
): Promise<readonly HostFacts[]> => {
  const { clock, emit, toError, ...rest } = options;
  const begin = clock.monotonic();
  emit({ type: 'phase-start', phase: 'facts', title: 'Reading facts', total: hosts.length });
  const collectOne = async ({ target, role }: CollectTarget): Promise<HostFacts> => {
    const started = clock.monotonic();
    emit({ type: 'host-start', phase: 'facts', host: target.name });
    const { facts, failure } = await collectHost(transport, target, { clock, role, ...rest });
    const durationMs = Math.round(clock.monotonic() - started);
    const event = { phase: 'facts', host: target.name, durationMs } as const;
    if (failure === undefined) emit({ type: 'host-done', ...event, text: hostSummary(facts) });
    else emit({ type: 'host-failed', ...event, error: toError(failure) });
    return facts;
  };
  const facts = await Promise.all(hosts.map(collectOne));
  const durationMs = Math.round(clock.monotonic() - begin);
  emit({ type: 'phase-done', phase: 'facts', title: 'Reading facts', durationMs });
  return facts;
};
