import { members } from '../access.js';
import { findingIf, manual, where } from '../compose.js';
import { CALICO_HASH_IP, calicoHealsItself, calicoVersion, skewedSets } from '../ipset.js';
import { defineRule } from '../rule.js';

export const ipsetSkew = defineRule({
  code: 'ipset-skew',
  title: "Calico's ipsets have a revision that its images cannot read",
  severity: 'error',
  reads: ['ipsets', 'spec'],
  explain: `Images of Calico v3.22.1 to v3.31.7 hold ipset 7.11, which reads hash:ip up to revision 5. Sets of Calico on this host are newer. Releases from v3.30.6, v3.31.3 and v3.32.0 on re-create such sets at start; older ones loop, and new pods are
Running but unreachable.`,
  source: 'https://github.com/projectcalico/calico/pull/11340',
  causes: ['claim-ipset'],
  check: (context) => {
    const version = calicoVersion(context.cluster);
    if (
      context.cluster?.spec.network.cni.name !== 'calico' ||
      version === undefined ||
      calicoHealsItself(version)
    )
      return [];
    const seen = members(context).flatMap((host) =>
      skewedSets(host)
        .slice(0, 1)
        .map(({ name, revision }) => ({
          host: host.name,
          fact: `hosts.${host.name}.ipsets.sets`,
          text: `${name} is hash:ip revision ${revision}; Calico ${version} reads up to ${CALICO_HASH_IP}`,
          key: '',
        })),
    );
    return findingIf(seen, () => ({
      title: `Calico ${version} cannot read its own ipsets on ${where(seen)}`,
      cause:
        "Another program re-wrote them at a newer revision: K3s' network policy controller, or a newer ipset on the host.",
      fix: manual(
        'use Calico v3.31.7 or newer, set disable-network-policy: true on all servers, and destroy or swap the sets',
      ),
    }));
  },
});
