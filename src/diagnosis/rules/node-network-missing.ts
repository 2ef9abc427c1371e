import { members, nodeNetwork, valueOf } from '../access.js';
import { does, findingIf, manual } from '../compose.js';
import { defineRule } from '../rule.js';

export const nodeNetworkMissing = defineRule({
  code: 'node-network-missing',
  title: 'A host has no address in the node network',
  severity: 'error',
  reads: ['links', 'spec'],
  explain: `The spec names the range on which nodes talk to each other, and this host has no address in it: the private network is not attached, its interface is down or not configured.`,
  causes: ['node-address-missing', 'path-lost'],
  check: (context) => {
    const network = nodeNetwork(context);
    if (network?.wanted !== true) return [];
    const seen = members(context).flatMap((host) => {
      const links = valueOf(host, 'links');
      if (links === undefined || network.members[host.name] !== undefined) return [];
      const own = links.flatMap(({ name, addresses }) =>
        addresses.map(({ address }) => `${name} ${address}`),
      );
      return [
        {
          host: host.name,
          fact: `hosts.${host.name}.links`,
          text: `addresses: ${own.join(', ') || 'none'}`,
          key: '',
        },
      ];
    });
    return findingIf(seen, () => ({
      title: `${does(seen, 'has')} no address in the node network ${network.cidr}`,
      cause: 'The private network is not attached to the machine, or its interface is not configured.',
      fix: manual(
        'attach the network at the provider, then on the host: ip -br address; networkctl up INTERFACE',
      ),
    }));
  },
});
