import { printable } from '../../core/text.js';
import { grouped, type Look, members, observe } from '../access.js';
import { findingPerKey, step, where } from '../compose.js';
import { neededPorts, portName } from '../needed-ports.js';
import { askedOption, NETWORKS } from '../networks.js';
import { defineRule } from '../rule.js';

const IPIP: ReadonlySet<string> = new Set(['4', 'ipip', 'ipencap', 'ip-encap']);

/** The default ports of tunnels that users may choose; a rule that drops one is worth a word even when the spec uses another. */
const TUNNELS = [4789, 8472, 51820];

export const firewallDropsPort = defineRule({
  code: 'firewall-drops-port',
  title: "A host's firewall rule drops a port that the cluster needs",
  severity: 'error',
  reads: ['firewall', 'spec'],
  explain: `A rule in nftables or iptables on the host names a port that nodes need from each other, and drops or rejects it. The evidence shows the rule with its table and chain, so that you can find who wrote it.`,
  causes: [
    'udp-blocked-by-host',
    'udp-blocked-by-sender',
    'udp-refused',
    'tcp-blocked-by-host',
    'ipip-lost',
    'vxlan-frames-lost',
  ],
  check: (context) => {
    const option = askedOption(context.cluster);
    const ipip = option !== undefined && NETWORKS[option].protocol === 4;
    const asked = new Set(members(context).flatMap((host) => neededPorts(context, host).map(portName)));
    const seen = observe(context, 'firewall', ({ drops }, host): Look[] => {
      const needed = new Set(neededPorts(context, host).map(portName));
      for (const port of TUNNELS) needed.add(`UDP ${port}`);
      return drops.flatMap(({ backend, table, chain, protocol, port, text }) => {
        const isIpip = ipip && IPIP.has(protocol ?? '');
        const name = isIpip ? 'IPIP' : `${(protocol ?? '').toUpperCase()} ${port ?? ''}`;
        if (!isIpip && !needed.has(name)) return [];
        return [{ text: `${backend} ${table}/${chain}: ${printable(text)}`, at: 'drops', key: name }];
      });
    });
    return findingPerKey(grouped(seen), (name, group) => ({
      title: `A firewall rule on ${where(group)} drops ${name}`,
      // The network that the spec asks for does without it.
      ...(asked.has(name) || name === 'IPIP' ? {} : { severity: 'warning' as const }),
      cause: 'Somebody, or a security agent, added the rule on the host itself.',
      fix: step(
        'host.firewall',
        `delete the rule: nft -a list ruleset | grep -n '${name.split(' ')[1] ?? 'ipencap'}', then nft delete rule TABLE CHAIN handle N`,
      ),
    }));
  },
});
