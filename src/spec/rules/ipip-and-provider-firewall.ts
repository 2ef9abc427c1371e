import { modeOf } from '../cni.js';
import { defineSpecRule } from '../rule.js';

export const ipipAndProviderFirewall = defineSpecRule({
  code: 'ipip-and-provider-firewall',
  title: 'A Hetzner firewall has no rule for IPIP',
  severity: 'warning',
  explain: `Hetzner Cloud Firewalls know tcp, udp, icmp, gre and esp; IPIP is IP protocol 4, which no rule can name. Where such a
firewall filters the path between nodes, IPIP passes only while connection tracking remembers an earlier packet of the other
side, and stops when a pair of nodes is idle for about ten minutes. UDP ports (VXLAN, WireGuard) can be allowed.

On a private network that no firewall filters IPIP works. \`drover doctor --deep\` measures it cold, warm and after idling.`,
  source: 'https://docs.hetzner.com/cloud/firewalls/faq/',
  reads: ['network'],
  check: ({ network }, { at }) =>
    modeOf(network) === 'ipip' && network.provider?.kind === 'hetzner-cloud'
      ? [
          {
            message: 'no Hetzner firewall rule can allow IPIP',
            location: at(['spec', 'network', 'cni', 'mode']),
            hint: 'use mode: vxlan, or prove it with drover doctor --deep',
          },
        ]
      : [],
});
