import { allHosts, grouped, members, nodeNetwork } from '../access.js';
import { findingIf, manual, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const mtuDiffers = defineRule({
  code: 'mtu-differs',
  title: 'Interfaces on the node network have different MTUs',
  severity: 'warning',
  reads: ['links'],
  explain: `On one network all interfaces must have one MTU: on a switch nobody tells a sender that a packet is too large for the receiver, it just vanishes. Small packets pass, large ones hang.
The cluster network must then use the lowest of all.`,
  causes: ['path-mtu-low'],
  check: (context) => {
    const network = nodeNetwork(context);
    if (network === undefined) return [];
    const known = new Set(members(context).map(({ name }) => name));
    const seen = allHosts(context).flatMap(({ name }) => {
      const own = network.members[name];
      if (own === undefined || !known.has(name)) return [];
      const fact = `networks.${network.cidr}.members.${name}.mtu`;
      return [{ host: name, fact, text: `${own.interface} has MTU ${own.mtu}`, key: String(own.mtu) }];
    });
    const kinds = grouped(seen).sort(([, a], [, b]) => b.length - a.length);
    const usual = kinds[0]?.[0];
    const odd = seen.filter(({ key }) => key !== usual);
    return findingIf(odd, () => ({
      title: `The interface of ${where(odd)} on ${network.cidr} has another MTU than the other hosts (${usual ?? ''})`,
      cause: 'The MTU was set by hand, or DHCP gave it to some hosts only.',
      fix: manual(`ip link set INTERFACE mtu ${usual ?? ''}, and keep it in the network configuration`),
    }));
  },
});
