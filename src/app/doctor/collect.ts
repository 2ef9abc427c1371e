import { type CollectOptions, collectHost } from '../../facts/collect-host.js';
import type { HostFacts } from '../../facts/model/host-facts.js';
import { transportError } from '../../transport/errors.js';
import { hostText } from './host-text.js';
import type { InstrumentParts } from './instrument-parts.js';
import type { DoctorHost } from './subject.js';

const tellHost = async (
  { transport, emit, clock }: InstrumentParts,
  { target, role }: DoctorHost,
  options: CollectOptions,
): Promise<HostFacts> => {
  const begin = clock.monotonic();
  emit({ type: 'host-start', phase: 'facts', host: target.name });
  const { facts, failure } = await collectHost(transport, target, { ...options, role });
  const done = { phase: 'facts', host: target.name, durationMs: clock.monotonic() - begin } as const;
  if (failure === undefined) emit({ type: 'host-done', ...done, text: hostText(facts) });
  else emit({ type: 'host-failed', ...done, error: transportError(failure) });
  return facts;
};

/** Facts of all hosts side by side; the transport limits how many run at once. Secrets are compared under one key. */
export const collectFacts = (
  parts: InstrumentParts,
  hosts: readonly DoctorHost[],
  timeoutMs: number,
): Promise<readonly HostFacts[]> => {
  const options: CollectOptions = {
    clock: parts.clock,
    signal: parts.signal,
    timeoutMs,
    key: parts.random.bytes(32),
    nonce: Buffer.from(parts.random.bytes(8)).toString('hex'),
  };
  return Promise.all(hosts.map((host) => tellHost(parts, host, options)));
};
