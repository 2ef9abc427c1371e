import { printable } from '../../core/text.js';
import type { CollectorValue, HostFacts } from '../../facts/model/host-facts.js';
import { type Look, members, observe, valueOf } from '../access.js';
import { does, findingIf, limited, manual } from '../compose.js';
import { kubeRouterChains, skewedSets } from '../ipset.js';
import { defineRule } from '../rule.js';

export const ipsetUnreadable = defineRule({
  code: 'ipset-unreadable',
  title: 'ipsets exist that the installed ipset cannot read',
  severity: 'error',
  reads: ['ipsets', 'traces'],
  explain: `A set carries the revision of the program that created it, and an older program refuses to read it: "Kernel and userspace incompatible: settype hash:ip with revision 6 not supported by userspace". On K3s the writer is its own network policy
controller (kube-router), which saves and restores *all* sets of the host, Calico's too, at its newer revision. Restarting Calico does not help.

It can be worked around, in about a second and without a reboot. With the older program: create a set of the same type, swap it with the unreadable one, destroy the swapped one. Before that, \`disable-network-policy: true\` on all servers, or it
happens again. Calico v3.30.6, v3.31.3, v3.32.0 and newer repair such sets at start.`,
  source: 'https://github.com/projectcalico/calico/issues/11051',
  causes: ['ipset-skew', 'claim-ipset', 'kube-router-leftovers'],
  check: (context) => {
    const sets = observe(context, 'ipsets', lookAtSets);
    const hosts = new Set(sets.map(({ host }) => host));
    const writers = observe(context, 'traces', (_, host): Look | undefined => {
      const [chain] = hosts.has(host.name) ? kubeRouterChains(host) : [];
      return chain === undefined
        ? undefined
        : `K3s' network policy controller writes sets here: chain ${chain}`;
    });
    return findingIf(sets, () => ({
      title: `${does(sets, 'holds')} ipsets that the installed ipset cannot read`,
      cause:
        'A newer program wrote them, on K3s its network policy controller (chains KUBE-ROUTER-*, KUBE-NWPLCY-*).',
      fix: manual(
        'disable-network-policy: true on all servers; then: ipset create TMP hash:ip family inet maxelem 1048576; ipset swap TMP cali40this-host; ipset destroy TMP',
      ),
      // With Calico in the spec the plan swaps them.
      ...(context.cluster?.spec.network.cni.name === 'calico' && members(context).every(onlyCalicos)
        ? { severity: 'warning' as const }
        : {}),
    })).map((draft) => ({ ...draft, evidence: limited([...draft.evidence, ...writers]) }));
  },
});

/** Are all sets that the host's ipset cannot read Calico's? */
const onlyCalicos = (host: HostFacts): boolean => {
  const { sets = [], supported = {} } = valueOf(host, 'ipsets') ?? {};
  return sets
    .filter(({ type, revision }) => revision > (supported[type] ?? Number.POSITIVE_INFINITY))
    .every(({ name }) => skewedSets(host).some((set) => set.name === name));
};

const lookAtSets = ({ unreadable, sets, supported, version }: CollectorValue<'ipsets'>): Look | undefined => {
  if (unreadable !== undefined) return { text: printable(unreadable).split('\n')[0] ?? '', at: 'unreadable' };
  const above = sets.filter(({ type, revision }) => revision > (supported[type] ?? Number.POSITIVE_INFINITY));
  const [first] = above;
  if (first === undefined) return undefined;
  const { name, type, revision } = first;
  const more = above.length > 1 ? ` (and ${above.length - 1} more sets)` : '';
  const reads = `ipset ${version ?? ''} reads up to ${supported[type] ?? ''}`;
  return { text: `${name} is ${type} revision ${revision}, ${reads}${more}`, at: 'sets' };
};
