import type { HostFacts } from '../../facts/model/host-facts.js';
import { liveInstalls, members, observe } from '../access.js';
import { activeNetworks, type Owner, tracesText } from '../cni.js';
import { findingIf, manual, step, where } from '../compose.js';
import type { Rule } from '../rule.js';

/** Everything that one program leaves on hosts where it is no longer used. */
export interface Leftovers {
  readonly code: string;
  readonly title: string;
  readonly owners: readonly Owner[];
  readonly called: string;
  /** Is it in use on this host, one of `all`? Default: the cluster network that the host uses. */
  readonly inUse?: (host: HostFacts, all: readonly HostFacts[]) => boolean;
  /** Step that removes it; absent = nothing but a person does. */
  readonly removedBy?: string;
  /** Shell commands for those without Drover. */
  readonly byHand: string;
  readonly explain: string;
  readonly causes: readonly string[];
}

export const leftoversRule = ({ owners, called, inUse, removedBy, byHand, ...rule }: Leftovers): Rule => ({
  ...rule,
  severity: 'warning',
  reads: ['traces', 'kubernetes', 'cni'],
  check: (context) => {
    const used = inUse ?? ((host: HostFacts) => owners.some((owner) => activeNetworks(host).has(owner)));
    const all = members(context);
    const seen = observe(context, 'traces', (traces, host) => {
      const own = traces.filter(({ owner }) => owners.includes(owner));
      return own.length === 0 || used(host, all) ? undefined : tracesText(own);
    });
    return findingIf(seen, () => ({
      title: `${called} left traces on ${where(seen)}, where nothing uses it`,
      cause: `${called} ran here before and was removed without its devices, rules or files.`,
      fix: removedBy === undefined ? manual(byHand) : step(removedBy, `drover clean cni; by hand: ${byHand}`),
    }));
  },
});

/** In use while any Kubernetes runs on the host. */
export const kubernetesRuns = (host: HostFacts): boolean => liveInstalls(host).length > 0;
