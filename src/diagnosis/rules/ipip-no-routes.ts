import { observe, valueOf } from '../access.js';
import { activeNetworks } from '../cni.js';
import { findingIf, manual, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const ipipNoRoutes = defineRule({
  code: 'ipip-no-routes',
  title: "Calico's IPIP device has no routes",
  severity: 'error',
  reads: ['links', 'routes', 'cni', 'kubernetes'],
  explain: `\`tunl0\` is up, but no route leads through it: with an IPIP pool somebody must distribute routes, BIRD (\`calico_backend: bird\`) or Felix with \`programClusterRoutes: Enabled\` (v3.31 and newer). \`calico_backend: none\` or \`vxlan\` starts
neither, everything reports ready, and pods of different nodes never meet.`,
  source: 'https://docs.tigera.io/calico/latest/reference/configure-calico-node',
  check: (context) => {
    const seen = observe(context, 'links', (links, host) => {
      const tunnel = links.find(({ name, up, addresses }) => name === 'tunl0' && up && addresses.length > 0);
      const routes = valueOf(host, 'routes')?.routes;
      if (tunnel === undefined || routes === undefined || !activeNetworks(host).has('calico'))
        return undefined;
      return routes.some(({ device }) => device === 'tunl0')
        ? undefined
        : { text: 'tunl0 is up, no route leads through it', at: 'tunl0' };
    });
    return findingIf(seen, () => ({
      title: `Calico's IPIP device on ${where(seen)} has no routes to other nodes`,
      cause: 'calico_backend is none or vxlan, so nobody distributes the routes that IPIP needs.',
      fix: manual(
        'kubectl -n kube-system patch configmap calico-config -p \'{"data":{"calico_backend":"bird"}}\', add the bird probes, restart calico-node',
      ),
    }));
  },
});
