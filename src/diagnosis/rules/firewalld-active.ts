import { observe } from '../access.js';
import { findingIf, step, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const firewalldActive = defineRule({
  code: 'firewalld-active',
  title: 'firewalld is active',
  severity: 'warning',
  reads: ['firewall'],
  explain: `firewalld rejects what its zones do not allow and rewrites its rules on reload, also those that other programs added. K3s recommends to switch it off, or to trust the pod and Service ranges and open the node ports.
Probes show whether it blocks anything now.`,
  source: 'https://docs.k3s.io/installation/requirements',
  causes: [
    'udp-blocked-by-host',
    'udp-refused',
    'tcp-blocked-by-host',
    'ipip-lost',
    'path-lost',
    'vxlan-frames-lost',
  ],
  check: (context) => {
    const wanted = context.cluster?.spec.preparation.firewall.kind;
    if (wanted === 'firewalld') return [];
    const seen = observe(context, 'firewall', ({ firewalld }) =>
      firewalld.active
        ? { text: `zones: ${firewalld.zones.join(', ') || 'default'}`, at: 'firewalld' }
        : undefined,
    );
    return findingIf(seen, () => ({
      title: `firewalld is active on ${where(seen)}`,
      cause: 'It is on by default on RHEL and its kin.',
      fix: step(
        'host.firewall',
        'systemctl disable --now firewalld; or: firewall-cmd --permanent --zone=trusted --add-source=POD-RANGE && firewall-cmd --reload',
      ),
    }));
  },
});
