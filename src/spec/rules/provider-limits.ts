import { cidrHasAddress } from '../../core/cidr.js';
import { count } from '../../core/text.js';
import type { Problem } from '../rule.js';
import { defineSpecRule } from '../rule.js';

const MOST = 100;

export const providerLimits = defineSpecRule({
  code: 'provider-limits',
  title: 'The provider network does not take so many machines or routes',
  severity: 'error',
  acceptable: true,
  explain: `A Hetzner Cloud network holds at most 100 attached resources and 100 routes. Every server, agent, database and load
balancer in it counts; with \`provider.routes: true\` every node needs a route of its own. Networks with a vSwitch carry no
such routes to dedicated servers.`,
  source: 'https://docs.hetzner.com/networking/networks/faq/',
  reads: ['network', 'hosts'],
  check: ({ network, hosts }, { at }) => {
    if (network.provider?.kind !== 'hetzner-cloud') return [];
    const range = network.provider.range ?? network.nodes;
    const attached = hosts.filter(({ address }) => cidrHasAddress(range, address)).length;
    const nodes = hosts.filter(({ role }) => role !== 'external').length;
    const problems: Problem[] = [];
    const provider = ['spec', 'network', 'provider'];
    if (attached > MOST)
      problems.push({
        message: `${count(attached, 'host')} in one Hetzner network, which takes ${MOST}`,
        location: at([...provider, 'kind']),
        hint: 'spread them over several networks',
      });
    if (network.provider.routes && nodes > MOST)
      problems.push({
        message: `${count(nodes, 'node')} need a route each, the network keeps ${MOST}`,
        location: at([...provider, 'routes']),
        hint: 'use a tunnel: routes: false with mode vxlan or tunnel',
      });
    if (network.provider.routes && network.provider.vswitch)
      problems.push({
        message: 'routes of a Hetzner network do not reach servers behind a vSwitch',
        location: at([...provider, 'routes']),
        hint: 'use a tunnel',
      });
    return problems;
  },
});
