import { ok } from '../../core/result.js';
import { driverOf } from '../../facts/cni/drivers.js';
import type { Kept } from '../../facts/cni/residue-of.js';
import { defineStep } from '../step.js';
import { cniClean } from './clean.js';

/** The network that runs before the change. */
type Params = { readonly kept: readonly Kept[] };

/** Something to be put back. A type alias is JSON, an interface is not. */
type State = { readonly noted: true };

/**
 * Stands before a second network comes to a host, and changes nothing. Taken back, after everything that came behind it, it
 * removes what the second network has left there.
 */
export const cniWayBack = defineStep<Params, State>({
  id: 'cni.way-back',
  title: ({ kept }) =>
    `Note that ${kept.map(({ driver }) => driverOf(driver).title).join(' and ')} alone was here, for the way back`,
  scope: 'host',
  reads: ['traces', 'links', 'routes', 'cni', 'kubernetes'],
  risk: 'none',
  replay: 'converges',
  undo: { kind: 'inverse' },
  expected: { seconds: 1 },
  timeoutMs: 120_000,
  retry: 'transient',
  disruptive: false,
  observe: () => ({ noted: true }),
  diff: () => [{ kind: 'run', what: 'what a second network leaves', after: 'removed on the way back' }],
  apply: () => Promise.resolve(ok({})),
  verify: () => Promise.resolve(ok({ text: 'noted' })),
  revert: async (context, { kept }) => {
    const remains = cniClean.observe(context.world, context.subject, { kept });
    if (remains !== undefined && remains.things.length === 0) return ok(undefined);
    const cleaned = await cniClean.apply(context, { kept }, remains);
    return cleaned.ok ? ok(undefined) : cleaned;
  },
});
