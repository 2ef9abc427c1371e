import { cidrHasAddress, overlaps } from '../../core/cidr.js';
import { sentence } from '../../core/text.js';
import { nodeRange, podRange, serviceRange } from '../ranges.js';
import { defineSpecRule } from '../rule.js';

export const addressInClusterRange = defineSpecRule({
  code: 'address-in-cluster-range',
  title: 'A machine has an address that belongs to pods or Services',
  severity: 'error',
  explain: `Inside the cluster, packets to the ranges of pods and Services never leave it. A host, a load balancer or a
database with such an address cannot be reached by pods, and its answers get lost. Choose another range before the
cluster is built.`,
  reads: ['network', 'hosts', 'loadBalancers', 'preparation'],
  check: ({ network, hosts, loadBalancers, preparation }, { at, host: hostAt }) => {
    const ranges = [...podRange(network), ...serviceRange(network)];
    const addresses = [
      ...hosts.map((host) => ({ who: host.name, address: host.address, location: hostAt(host, 'address') })),
      ...loadBalancers.flatMap(({ name, address }, index) =>
        address === undefined
          ? []
          : [{ who: name, address, location: at(['spec', 'loadBalancers', index, 'address']) }],
      ),
      ...(preparation.resolvers?.servers ?? []).map((address, index) => ({
        who: 'a name server',
        address,
        location: at(['spec', 'preparation', 'resolvers', 'servers', index]),
      })),
    ];
    const nodes = nodeRange(network);
    return ranges.flatMap(({ name, text, cidr }) => {
      // Where nodes and this range overlap, ranges-overlap says so once for all nodes.
      const told = nodes.some((range) => overlaps(range.cidr, cidr));
      const inside = addresses.filter(
        ({ address }) => cidrHasAddress(text, address) && !(told && cidrHasAddress(network.nodes, address)),
      );
      const [first] = inside;
      if (first === undefined) return [];
      return [
        {
          message: `${sentence(inside.map(({ who }) => who))} ${inside.length === 1 ? 'has an address' : 'have addresses'} in the range of ${name}`,
          location: first.location,
          label: `inside ${text}`,
          hint: `move the range of ${name} (spec.network.${name === 'pods' ? 'pods' : 'services'})`,
        },
      ];
    });
  },
});
