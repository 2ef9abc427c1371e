import { observe } from '../access.js';
import { activeNetworks, tracesText } from '../cni.js';
import { findingIf, step, where } from '../compose.js';
import { defineRule } from '../rule.js';

/** Networks that route pods' addresses as they are. */
const OTHERS = ['calico', 'cilium', 'lab'] as const;

export const flannelMasquerade = defineRule({
  code: 'flannel-masquerade',
  title: "Flannel's masquerade rule hides pods from another network",
  severity: 'error',
  reads: ['traces', 'cni', 'kubernetes', 'spec'],
  explain: `The chain FLANNEL-POSTRTG rewrites the source of all packets between pods of different nodes to the node's address, but for the node's own range. While it stands, Calico or Cilium see nodes instead of pods: a NetworkPolicy that
selects pods drops everything between nodes. Of all that Flannel leaves this matters most. K3s does not remove it when \`flannel-backend: none\` is set.`,
  check: (context) => {
    const wanted = context.cluster?.spec.network.cni.name;
    const seen = observe(context, 'traces', (traces, host) => {
      const chains = traces.filter(
        ({ owner, kind, name }) =>
          owner === 'flannel' &&
          (kind === 'chain' || kind === 'nft-table') &&
          /POSTRTG|flannel-ipv/.test(name),
      );
      const active = activeNetworks(host);
      const other = OTHERS.some((cni) => active.has(cni) || (active.size === 0 && wanted === cni));
      return chains.length > 0 && other ? tracesText(chains) : undefined;
    });
    return findingIf(seen, () => ({
      title: `Flannel's masquerade rule on ${where(seen)} hides pods behind node addresses`,
      cause: 'Flannel was switched off, but its chain FLANNEL-POSTRTG stayed.',
      fix: step(
        'cni.clean',
        'drover clean cni; by hand: iptables -t nat -D POSTROUTING -j FLANNEL-POSTRTG && iptables -t nat -F FLANNEL-POSTRTG && iptables -t nat -X FLANNEL-POSTRTG',
      ),
    }));
  },
});
