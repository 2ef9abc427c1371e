import { duplicates, type Look, nodeNetwork, observe } from '../access.js';
import { findingPerKey, manual, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const duplicateAddress = defineRule({
  code: 'duplicate-address',
  title: 'Hosts have the same address',
  severity: 'error',
  reads: ['links'],
  explain: `One address on two hosts: whoever answered ARP last gets the packets. Probes, SSH and the cluster reach now one host, now the other.
Addresses of bridges and of the cluster network itself (docker0, cni0) may repeat and are not meant.`,
  check: (context) => {
    const network = nodeNetwork(context);
    const seen = observe(context, 'links', (links, host): Look[] => {
      const own = network?.members[host.name]?.interface;
      return links
        .filter(({ kind, name }) => kind === undefined || name === own)
        .flatMap(({ name, addresses }) =>
          addresses
            .filter(({ scope }) => scope === 'global')
            .map(({ address }) => ({ text: `${name} has ${address}`, at: name, key: address })),
        );
    });
    return findingPerKey(duplicates(seen), (address, group) => ({
      title: `${where(group)} use the same address ${address}`,
      cause: 'The address was set by hand twice, or DHCP took the hosts for one (see duplicate-machine-id).',
      fix: manual('give one of the hosts another address; see who answers: arping -D -I INTERFACE ADDRESS'),
    }));
  },
});
