import { overlaps, parseAddress, parseCidr } from '../../core/cidr.js';
import { grouped, type Look, members, observe, valueOf } from '../access.js';
import { does, findingPerKey, manual } from '../compose.js';
import { defineRule } from '../rule.js';

/** Devices that belong to a cluster network, whose routes lie in the pod range on purpose. */
const CLUSTER_DEVICE =
  /^(flannel|cni|cali|tunl|vxlan\.calico|cilium|lxc|kube-|wireguard\.cali|nodelocaldns|labnet|veth)/;

/** Routes by which a network keeps packets to its own blocks from leaving. */
const NOWHERE: ReadonlySet<string> = new Set(['blackhole', 'unreachable']);

export const rangeOverlap = defineRule({
  code: 'range-overlap',
  title: "A host uses addresses inside the cluster's ranges",
  severity: 'error',
  reads: ['routes', 'links', 'spec'],
  explain: `A route or address of the host lies inside the range of pods or Services: a VPN, a Docker network, another site. Once the cluster runs, traffic to one of the two goes to the other. Cilium's default
pool 10.0.0.0/8 cuts off SSH and the API in this way.`,
  source: 'https://github.com/cilium/cilium/issues/42383',
  check: (context) => {
    const network = context.cluster?.spec.network;
    if (network === undefined) return [];
    const ranges = [network.pods, network.services].flatMap((text) => parseCidr(text) ?? []);
    const names = [network.pods, network.services];
    // Networks without a tunnel lead to the pods of another node by its own address.
    const nodes = new Set(members(context).map(({ address }) => address));
    const seen = observe(context, 'routes', ({ routes }, host): Look[] => {
      const own = (valueOf(host, 'links') ?? [])
        .filter(({ name }) => !CLUSTER_DEVICE.test(name))
        .flatMap(({ name, addresses }) =>
          addresses.map(({ address }) => ({ device: name, text: address, at: 'routes' })),
        );
      const ways = routes
        .filter(
          ({ destination, device, type, gateway }) =>
            destination !== 'default' &&
            !NOWHERE.has(type) &&
            !nodes.has(gateway ?? '') &&
            !CLUSTER_DEVICE.test(device ?? ''),
        )
        .map(({ destination, device }) => ({ device: device ?? '', text: destination, at: 'routes' }));
      return [...own, ...ways].flatMap(({ device, text, at }) => {
        const range = parseCidr(text) ?? asRange(text);
        const hit = ranges.findIndex(
          (one) => range !== undefined && overlaps(one, range) && range.prefix >= one.prefix,
        );
        return hit < 0
          ? []
          : [{ text: `${text} on ${device} lies in ${names[hit] ?? ''}`, at, key: names[hit] ?? '' }];
      });
    });
    return findingPerKey(grouped(seen), (range, group) => ({
      title: `${does(group, 'uses')} addresses inside ${range}, which the spec gives to ${range === network.pods ? 'pods' : 'Services'}`,
      cause: 'A VPN, a container network or another site uses the same range.',
      fix: manual(
        `choose another range for spec.network.${range === network.pods ? 'pods' : 'services'}; it cannot be changed later`,
      ),
    }));
  },
});

const asRange = (address: string) => {
  const parsed = parseAddress(address);
  return parsed === undefined ? undefined : parseCidr(`${address}/${parsed.family === 4 ? 32 : 128}`);
};
