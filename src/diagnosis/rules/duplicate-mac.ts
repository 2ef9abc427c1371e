import { duplicates, type Look, nodeNetwork, observe } from '../access.js';
import { findingPerKey, manual, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const duplicateMac = defineRule({
  code: 'duplicate-mac',
  title: 'Network cards of different hosts have one MAC address',
  severity: 'error',
  reads: ['links'],
  explain: `Two cards with one MAC address on one network steal each other's packets: connections work for a while and break, depending on what the
switch learned last.`,
  check: (context) => {
    const network = nodeNetwork(context);
    const seen = observe(context, 'links', (links, host): Look[] => {
      const own = network?.members[host.name]?.interface;
      return links
        .filter(
          ({ mac, kind, name }) =>
            mac !== undefined && !/^0+(:0+)*$/.test(mac) && (kind === undefined || name === own),
        )
        .map(({ mac, name }) => ({
          text: `${name} has ${mac ?? ''}`,
          at: name,
          key: (mac ?? '').toLowerCase(),
        }));
    });
    return findingPerKey(duplicates(seen), (mac, group) => ({
      title: `${where(group)} have the same MAC address ${mac}`,
      cause: 'The virtual machines were copied together with their network cards.',
      fix: manual('give each card its own address in the hypervisor, or delete and add the card again'),
    }));
  },
});
