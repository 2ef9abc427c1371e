import { isIP } from 'node:net';
import { allHosts, type Look, observe, valueOf } from '../access.js';
import { findingIf, step, where } from '../compose.js';
import { defineRule, type RuleContext } from '../rule.js';

const ownAddresses = (context: RuleContext): Map<string, Set<string>> =>
  new Map(
    allHosts(context).flatMap((host) => {
      const links = valueOf(host, 'links');
      if (links === undefined) return [];
      const own = links.flatMap((link) => link.addresses.map(({ address }) => address));
      return [[host.name, new Set([host.address, ...own])]];
    }),
  );

const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';

export const hostsFileStale = defineRule({
  code: 'hosts-file-stale',
  title: '/etc/hosts gives a cluster host an address that it does not have',
  severity: 'warning',
  reads: ['resolver', 'links'],
  explain: `Lines in \`/etc/hosts\` win over DNS and outlive every change of address. Etcd peers, join addresses and checks by name then go to the wrong
machine from this one host only.`,
  check: (context) => {
    const addresses = ownAddresses(context);
    const seen = observe(context, 'resolver', ({ hostsEntries }): Look[] =>
      hostsEntries.flatMap(({ address, names }) =>
        names
          .filter(
            (name) =>
              isIP(address) !== 0 && !isLoopback(address) && addresses.get(name)?.has(address) === false,
          )
          .map((name) => ({ text: `/etc/hosts says ${name} is ${address}`, at: 'hostsEntries' })),
      ),
    );
    return findingIf(seen, () => ({
      title: `/etc/hosts on ${where(seen)} gives a cluster host an address that it does not have`,
      cause: 'The entry is left from an earlier address or machine.',
      fix: step('host.hosts-file', 'remove or correct the line in /etc/hosts'),
    }));
  },
});
