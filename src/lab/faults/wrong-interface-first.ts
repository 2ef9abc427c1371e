import { defineFault, type FaultTarget } from './fault.js';

/** Resolvers stay reachable, as they would be through a real second network: only the default route is wrong. */
const resolverRoutes = (target: FaultTarget, verb: 'replace' | 'del'): string =>
  target.plan.resolvers
    .map(
      (address) =>
        `ip route ${verb} ${address}/32 via ${target.plan.gateway} dev host0 onlink 2>/dev/null || true`,
    )
    .join('\n');

export const wrongInterfaceFirst = defineFault({
  id: 'wrong-interface-first',
  place: 'host',
  title: 'The default route is not on the node network',
  simulates:
    'A server with a public and a private card: K3s takes the public one unless it is told otherwise.',
  codes: ['wrong-interface-first'],
  targets: 'agent',
  inject: (target) => `
ip link show eth0 >/dev/null 2>&1 || ip link add eth0 type veth peer name uplink0
ip link set uplink0 up
ip link set eth0 up
ip address replace 198.51.100.${target.index + 10}/24 dev eth0
ip route replace default via 198.51.100.1 dev eth0 metric 50
ip route replace default via ${target.plan.gateway} dev host0 metric 200 onlink
ip route del default via ${target.plan.gateway} dev host0 proto static 2>/dev/null || true
${resolverRoutes(target, 'replace')}
`,
  heal: (target) => `
${resolverRoutes(target, 'del')}
ip link del eth0 2>/dev/null || true
ip route del default via ${target.plan.gateway} dev host0 metric 200 2>/dev/null || true
networkctl reconfigure host0
i=0
until ip route show default | grep -q 'dev host0 proto static'; do i=$((i + 1)); [ "$i" -lt 100 ]; sleep 0.05; done
`,
  check: () => `
ip route show default | head -n 1 | grep -q 'dev eth0'
`,
});
