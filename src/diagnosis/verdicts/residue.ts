import { type Look, members, type Observation, observe } from '../access.js';
import { activeNetworks, type Owner } from '../cni.js';
import { where } from '../compose.js';
import { calicoHealsItself, calicoVersion, kubeRouterChains, skewedSets } from '../ipset.js';
import type { RuleContext } from '../rule.js';
import { type Check, needs, pass } from './check.js';

const EVIDENCE = 3;

/** Does a device of another network hold the tunnel's UDP port? */
export const portFree = (context: RuleContext, port: number, cni: Owner): Check => {
  const held = observe(context, 'links', (links): Look[] =>
    links
      .filter(
        ({ name, vxlan }) =>
          vxlan?.port === port && !name.startsWith(cni) && !(cni === 'calico' && name === 'vxlan.calico'),
      )
      .map(({ name }) => ({ text: `${name} holds UDP ${port}`, at: name, key: name })),
  );
  if (held.length === 0) return pass();
  const live = members(context).some((host) => [...activeNetworks(host)].some((owner) => owner !== cni));
  const device = held[0]?.key ?? '';
  return needs(
    live
      ? `${device} gives UDP ${port} up: another port while both networks live, or a change in place`
      : `the unused device ${device} is deleted on ${where(held)}: it holds UDP ${port}`,
    ...held.slice(0, EVIDENCE),
  );
};

const setsInTheWay = (context: RuleContext): Observation[] =>
  observe(context, 'ipsets', ({ unreadable }, host): Look | undefined => {
    const [set] = skewedSets(host);
    if (set !== undefined) return { text: `${set.name} is hash:ip revision ${set.revision}`, at: 'sets' };
    return unreadable === undefined ? undefined : { text: unreadable.split('\n')[0] ?? '', at: 'unreadable' };
  });

/** Can Calico read the ipsets on the hosts, and will nobody re-write them? */
export const ipsetsReadable = (context: RuleContext): Check => {
  const sets = setsInTheWay(context);
  const writers = members(context).filter((host) => kubeRouterChains(host).length > 0);
  if (sets.length === 0 && writers.length === 0) return pass();
  const seen = [
    ...sets.slice(0, EVIDENCE),
    ...writers.slice(0, 1).map((host) => ({
      host: host.name,
      fact: `hosts.${host.name}.traces`,
      text: `K3s' network policy controller writes sets here: ${kubeRouterChains(host)[0] ?? ''}`,
    })),
  ];
  const version = calicoVersion(context.cluster);
  const newer = version === undefined || !calicoHealsItself(version) ? ', Calico is v3.31.7 or newer' : '';
  const swap = sets.length === 0 ? '' : `, and the sets on ${where(sets)} are swapped or destroyed`;
  return needs(
    `K3s' network policy controller is off (disable-network-policy: true on all servers)${newer}${swap}`,
    ...seen,
  );
};
