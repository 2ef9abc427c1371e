import { cidrHasAddress } from '../../core/cidr.js';
import { defineSpecRule } from '../rule.js';

export const hostOutsideNodeRange = defineSpecRule({
  code: 'host-outside-node-range',
  title: 'A host of the cluster is not in the node network',
  severity: 'error',
  explain: `\`spec.network.nodes\` is how Drover finds the right interface on each host, opens firewalls and tells the cluster
its node addresses. Servers and agents must be inside. A public address in the table's private column is the usual
cause.`,
  reads: ['network', 'hosts'],
  check: ({ network, hosts }, { host: at }) =>
    hosts
      .filter(({ role, address }) => role !== 'external' && !cidrHasAddress(network.nodes, address))
      .map((host) => ({
        message: `${host.name} is outside the node network ${network.nodes}`,
        location: at(host, 'address'),
        hint: 'correct its address, or spec.network.nodes',
      })),
});
