import type { CniName } from '../../facts/cni/driver.js';
import { members, observe } from '../access.js';
import { tracesText } from '../cni.js';
import { findingIf, step, where } from '../compose.js';
import { keptNetworks, residueOn } from '../network-residue.js';
import type { Rule } from '../rule.js';

/** Everything that one cluster network left on hosts of a cluster that does not use it, or not in that mode. */
export interface NetworkLeftovers {
  readonly code: string;
  readonly title: string;
  readonly cni: CniName;
  readonly called: string;
  /** Shell commands for those without Drover. */
  readonly byHand: string;
  readonly explain: string;
  readonly causes: readonly string[];
}

export const networkLeftoversRule = ({ cni, called, byHand, ...rule }: NetworkLeftovers): Rule => ({
  ...rule,
  severity: 'warning',
  reads: ['traces', 'kubernetes', 'cni'],
  check: (context) => {
    const kept = keptNetworks(members(context), context.facts.kubernetes);
    const seen = observe(context, 'traces', (_, host) => {
      const own = residueOn(host, kept).filter((one) => one.cni === cni);
      return own.length === 0 ? undefined : tracesText(own.map(({ trace }) => trace));
    });
    return findingIf(seen, () => ({
      title: `${called} left traces on ${where(seen)}, where nothing uses them`,
      cause: `${called} ran here before, or in another mode, and its devices, rules or files were not removed.`,
      fix: step('cni.clean', `drover clean cni; by hand: ${byHand}`),
    }));
  },
});
