import type { HostFacts } from '../facts/model/host-facts.js';
import { allHosts, isServer, members } from './access.js';
import { NEEDED_TCP, neededUdp } from './networks.js';
import type { RuleContext } from './rule.js';
import type { Wanted } from './ufw.js';

/** Ports that must be open on one host towards the other cluster hosts. */
export const neededPorts = (context: RuleContext, host: HostFacts): Wanted[] => {
  const others = members(context).filter(({ name }) => name !== host.name);
  const servers = others.filter(isServer);
  const known = allHosts(context).some(isServer);
  const addresses = (hosts: readonly HostFacts[]): string[] => hosts.map(({ address }) => address);
  const tcp = NEEDED_TCP.flatMap(({ port, from, to }) => {
    if (to === 'servers' && known && !isServer(host)) return [];
    const askers = from === 'servers' && known ? servers : others;
    return askers.length === 0 ? [] : [{ protocol: 'tcp' as const, port, from: addresses(askers) }];
  });
  const udp = neededUdp(context.cluster);
  if (udp === undefined || others.length === 0) return tcp;
  return [...tcp, { protocol: 'udp', port: udp, from: addresses(others) }];
};

/** "TCP 6443", "UDP 8472". */
export const portName = ({ protocol, port }: Pick<Wanted, 'protocol' | 'port'>): string =>
  `${protocol.toUpperCase()} ${port}`;
