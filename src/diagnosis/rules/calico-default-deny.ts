import { observe } from '../access.js';
import { activeNetworks, tracesText } from '../cni.js';
import { findingIf, step, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const calicoDefaultDeny = defineRule({
  code: 'calico-default-deny',
  title: "Calico's filter chains stand although Calico is gone",
  severity: 'error',
  reads: ['traces', 'cni', 'kubernetes'],
  explain: `\`cali-*\` chains in the filter table hold the rules of the last known pods and end in a drop for cali interfaces. After \`kubectl delete\` of Calico nobody updates them: new pods of the next network are denied, and a
host endpoint policy can lock out SSH.`,
  source: 'https://github.com/projectcalico/calico/issues/5100',
  check: (context) => {
    const seen = observe(context, 'traces', (traces, host) => {
      const chains = traces.filter(
        ({ owner, kind, name }) =>
          owner === 'calico' && kind === 'chain' && /cali-(FORWARD|INPUT|from|to|fw|tw|wl)/i.test(name),
      );
      return chains.length === 0 || activeNetworks(host).has('calico') ? undefined : tracesText(chains);
    });
    return findingIf(seen, () => ({
      title: `Calico's filter chains on ${where(seen)} still drop packets of pods`,
      cause: 'Calico was deleted from the cluster, which leaves its rules on the hosts.',
      fix: step(
        'cni.clean',
        'drover clean cni; by hand: iptables-save | grep -v cali | iptables-restore, with iptables-nft and iptables-legacy; or reboot',
      ),
    }));
  },
});
