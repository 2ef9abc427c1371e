import type { HostFacts } from '../facts/model/host-facts.js';
import { allHosts, isServer, members } from './access.js';
import { NEEDED_TCP, neededUdp, networkTcp } from './networks.js';
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
  if (others.length === 0) return tcp;
  const from = addresses(others);
  const udp = neededUdp(context.cluster);
  return [
    ...tcp,
    ...networkTcp(context.cluster).map((port) => ({ protocol: 'tcp' as const, port, from })),
    ...(udp === undefined ? [] : [{ protocol: 'udp' as const, port: udp, from }]),
  ];
};

/** "TCP 6443", "UDP 8472". */
export const portName = ({ protocol, port }: Pick<Wanted, 'protocol' | 'port'>): string =>
  `${protocol.toUpperCase()} ${port}`;
