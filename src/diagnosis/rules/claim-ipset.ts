import { type Look, observe } from '../access.js';
import { findingIf, manual } from '../compose.js';
import { kubeRouterChains, skewedSets } from '../ipset.js';
import { defineRule } from '../rule.js';

export const claimIpset = defineRule({
  code: 'claim-ipset',
  title: '"The ipset error cannot be worked around, Calico cannot run here"',
  severity: 'info',
  reads: ['ipsets', 'traces'],
  explain: `It can, without upgrading the operating system. The sets were re-written at a newer revision by another program, on K3s by its network policy controller. Measured cure while Calico loops, about one second, no reboot: with the older ipset
(the one in Calico's image) \`ipset create TMP hash:ip family inet maxelem 1048576; ipset swap TMP cali40this-host; ipset destroy TMP\`. For good: \`disable-network-policy: true\` on all servers, and Calico v3.30.6, v3.31.3, v3.32.0 or newer,
which repair such sets at start. Restarting alone does not help, and a set in use cannot be destroyed.`,
  source: 'https://github.com/projectcalico/calico/issues/11051',
  check: (context) => {
    const seen = observe(context, 'ipsets', ({ unreadable }, host): Look | undefined => {
      const [set] = skewedSets(host);
      if (unreadable === undefined && set === undefined) return undefined;
      const writer =
        kubeRouterChains(host).length > 0 ? "; K3s' network policy controller was at work here" : '';
      return {
        text: `${set === undefined ? 'unreadable sets' : `${set.name} is hash:ip revision ${set.revision}`}${writer}`,
        at: 'sets',
      };
    });
    return findingIf(seen, () => ({
      title: 'The ipset error can be worked around: Calico can run on these machines',
      cause:
        'Only the revision of some sets is too new for the older ipset; neither kernel nor operating system is at fault.',
      fix: manual(
        "swap the sets (see drover explain claim-ipset), switch K3s' network policy controller off, and use Calico v3.31.7 or newer",
      ),
    }));
  },
});
