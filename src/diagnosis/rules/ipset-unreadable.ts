import { printable } from '../../core/text.js';
import { type Look, observe } from '../access.js';
import { findingIf, step, where } from '../compose.js';
import { kubeRouterChains } from '../ipset.js';
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
  causes: ['ipset-skew', 'claim-ipset'],
  check: (context) => {
    const seen = observe(context, 'ipsets', ({ unreadable, sets, supported, version }, host): Look[] => {
      const above = sets.filter(
        ({ type, revision }) => supported[type] !== undefined && revision > (supported[type] ?? 0),
      );
      if (unreadable === undefined && above.length === 0) return [];
      const writer = kubeRouterChains(host);
      return [
        unreadable === undefined
          ? {
              text: above
                .slice(0, 3)
                .map(
                  ({ name, type, revision }) =>
                    `${name} is ${type} revision ${revision}, ipset ${version ?? ''} reads ${supported[type] ?? ''}`,
                )
                .join(' · '),
              at: 'sets',
            }
          : { text: printable(unreadable).split('\n')[0] ?? '', at: 'unreadable' },
        ...(writer.length === 0
          ? []
          : [{ text: `written by K3s' network policy controller: chain ${writer[0] ?? ''}`, at: 'sets' }]),
      ];
    });
    return findingIf(seen, () => ({
      title: `${where(seen)} holds ipsets that its ipset program cannot read`,
      cause:
        'A newer program wrote them, on K3s its network policy controller (chains KUBE-ROUTER-*, KUBE-NWPLCY-*).',
      fix: step(
        'cni.clean',
        'disable-network-policy: true on all servers; then: ipset create TMP hash:ip family inet maxelem 1048576; ipset swap TMP cali40this-host; ipset destroy TMP',
      ),
    }));
  },
});
