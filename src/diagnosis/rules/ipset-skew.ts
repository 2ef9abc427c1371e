import type { HostFacts } from '../../facts/model/host-facts.js';
import { members, type Observation, valueOf } from '../access.js';
import { findingIf, limited, step, where } from '../compose.js';
import { CALICO_HASH_IP, calicoStops, calicoVersion, kubeRouterChains, skewedSets } from '../ipset.js';
import { defineRule } from '../rule.js';

export const ipsetSkew = defineRule({
  code: 'ipset-skew',
  title: "Calico's ipsets have, or will have, a revision that its images cannot read",
  severity: 'warning',
  reads: ['ipsets', 'traces', 'spec'],
  explain: `A set of the kernel carries the revision of the program that made it. Images of Calico hold ipset 7.11, which reads hash:ip up to revision 5. Where such a set of Calico is newer, releases before v3.30.6 and v3.31.0 to v3.31.2 start again and
again, and new pods are Running but unreachable; later ones make the sets anew. The failure is told before an install: by sets that are there already, and by a program at work that writes them, on K3s its network policy controller.

Cures, the least invasive first:

1. **Swap**, about a second, no rule and no pod notices, also while Calico's agents loop: step \`cni.ipset-swap\`, which the plan holds where it is needed. By hand, with an ipset of the older kind (the one in Calico's image):
   \`ipset create TMP hash:ip family inet maxelem 1048576; ipset swap TMP cali40this-host; ipset destroy TMP\`.
2. **The writer off**, or it happens again: \`disable-network-policy: true\` on all servers of K3s. Drover sets it with any network but Flannel.
3. **A Calico that repairs its sets**: v3.30.6, v3.31.3, v3.32.0 or newer.
4. Stop Calico's agent, delete the rule that refers to the set (\`mangle cali-POSTROUTING\`), destroy the set, start the agent. A set in use cannot be destroyed; a restart alone does not help; a restart of the host does.`,
  source: 'https://github.com/projectcalico/calico/pull/11340',
  causes: ['claim-ipset'],
  check: (context) => {
    const version = calicoVersion(context.cluster) ?? '';
    if (!calicoStops(context.cluster)) return [];
    const hosts = members(context);
    const sets = hosts.flatMap(newerSets);
    const writers = hosts.flatMap(writerOf);
    const seen = sets.length > 0 ? sets : writers;
    return findingIf(seen, () => ({
      title:
        sets.length > 0
          ? `Calico ${version} cannot read its own ipsets on ${where(sets)}`
          : `Calico ${version} will stop on its ipsets on ${where(writers)}: a newer program writes them there`,
      cause:
        "Another program writes them at a newer revision: K3s' network policy controller, or a newer ipset on the host.",
      fix: step(
        'cni.ipset-swap',
        'in this order: swap the sets; disable-network-policy: true on all servers; Calico v3.31.7 or newer; else stop it, delete the rules that use the sets, destroy them',
      ),
    })).map((draft) => ({
      ...draft,
      evidence: limited(sets.length > 0 ? [...draft.evidence, ...writers] : draft.evidence),
    }));
  },
});

const newerSets = (host: HostFacts): readonly Observation[] => {
  const [set] = skewedSets(host);
  if (set === undefined) return [];
  const own = valueOf(host, 'ipsets')?.version;
  const by = own === undefined ? '' : `; ipset ${own} is on the host`;
  return [
    {
      host: host.name,
      fact: `hosts.${host.name}.ipsets.sets`,
      text: `${set.name} is hash:ip revision ${set.revision}; Calico's images read up to ${CALICO_HASH_IP}${by}`,
      key: '',
    },
  ];
};

/** A controller that runs: its chains are there on a K3s whose servers do not switch it off. */
const writerOf = (host: HostFacts): readonly Observation[] => {
  const [chain] = kubeRouterChains(host);
  const off = valueOf(host, 'kubernetes')?.installs.some(
    ({ settings }) => settings['disable-network-policy']?.value === 'true',
  );
  if (chain === undefined || off === true) return [];
  return [
    {
      host: host.name,
      fact: `hosts.${host.name}.traces`,
      text: `K3s' network policy controller writes sets here: chain ${chain}`,
      key: '',
    },
  ];
};
