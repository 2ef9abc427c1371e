import { setTimeout as delay } from 'node:timers/promises';
import type { Kube } from '../../src/core/ports/kube.js';
import { err, ok } from '../../src/core/result.js';
import { failureOfTransport } from '../../src/run/remote/failures.js';
import { networkPairs } from '../../src/steps/guards/network-pairs.js';
import type { OutageRecord } from '../../src/steps/guards/pairs/outage-record.js';
import type { PairsParams } from '../../src/steps/guards/pairs/params.js';
import { systemClock } from '../../src/system/clock.js';
import { labTransport } from '../../test/lab/support/transport.js';
import type { Outage } from './outages.js';

/** Between two looks at whether the guard is armed. */
const LOOK_MS = 200;

export interface Watched {
  readonly lab: string;
  readonly kube: Kube;
  readonly params: PairsParams;
  /** Addresses of the nodes by their names. */
  readonly addresses: ReadonlyMap<string, string>;
}

/** What this guard has no use for. */
const nothing = (): never => {
  throw new Error('the guard of pairs asks nobody but its probers');
};

/** Runs the guard of a change of network while somebody else changes things; the outages that it saw. */
export const watchPairs = async (
  { lab, kube, params, addresses }: Watched,
  work: () => Promise<void>,
): Promise<readonly Outage[]> => {
  const transport = await labTransport(lab);
  const stop = new AbortController();
  const records: OutageRecord[] = [];
  const armed = new AbortController();
  const watching = (async () => {
    const samples = networkPairs.watch(
      {
        run: '20260101-000000-beef',
        hosts: params.nodes,
        clock: systemClock,
        signal: stop.signal,
        kube: () => Promise.resolve(ok(kube)),
        keep: (record) => void records.push(record),
        read: nothing,
        callUrl: nothing,
        open: async (name, script) => {
          const target = { name, address: addresses.get(name) ?? '' };
          const opened = await transport.open(target, script, { timeoutMs: 3_600_000 });
          return opened.ok ? opened : err(failureOfTransport(opened.error));
        },
      },
      params,
    );
    for await (const { subject } of samples) armed.abort(subject);
  })();
  while (!armed.signal.aborted) await Promise.race([delay(LOOK_MS), watching]);
  try {
    await work();
  } finally {
    stop.abort();
    await watching;
    await transport[Symbol.asyncDispose]();
  }
  return records.filter((record) => record.type === 'outage');
};
