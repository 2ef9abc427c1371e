import { nodeNetwork, observe, valueOf } from '../access.js';
import { findingIf, step, where } from '../compose.js';
import { defineRule } from '../rule.js';

/** Names of the main routing table. */
const MAIN: ReadonlySet<string> = new Set(['main', '254', '']);

export const wrongInterfaceFirst = defineRule({
  code: 'wrong-interface-first',
  title: 'The default route leaves by another interface than the node network',
  severity: 'warning',
  reads: ['routes', 'links', 'kubernetes'],
  explain: `Left to themselves K3s, Flannel and Calico take the interface of the default route, on cloud machines the public one. Tunnels then run over the public network, where the provider's
firewall drops them ("VXLAN is blocked"), with the wrong MTU. Drover writes \`node-ip\` and \`flannel-iface\`, chosen by range and never by name; a cluster that was installed by hand
lacks them.`,
  source: 'https://docs.k3s.io/networking/basic-network-options',
  causes: ['overlay-on-wrong-interface'],
  check: (context) => {
    const network = nodeNetwork(context);
    const seen = observe(context, 'routes', ({ routes }, host) => {
      const own = network?.members[host.name]?.interface;
      const installs = valueOf(host, 'kubernetes')?.installs ?? [];
      if (own === undefined || installs.some(({ settings }) => settings['node-ip'] !== undefined))
        return undefined;
      const first = [...routes]
        .filter(
          ({ destination, device, table }) =>
            destination === 'default' && device !== undefined && MAIN.has(table),
        )
        .sort((a, b) => (a.metric ?? 0) - (b.metric ?? 0))[0];
      return first === undefined || first.device === own
        ? undefined
        : { text: `default route by ${first.device ?? ''}, node network on ${own}`, at: 'routes' };
    });
    return findingIf(seen, () => ({
      title: `K3s would take the wrong interface on ${where(seen)}: the default route is not on ${network?.cidr ?? 'the node network'}`,
      cause:
        'The host has several networks, and the default route leaves by another one than the nodes talk on.',
      fix: step(
        'k3s.config',
        'node-ip: ADDRESS and flannel-iface: INTERFACE in /etc/rancher/k3s/config.yaml',
      ),
    }));
  },
});
