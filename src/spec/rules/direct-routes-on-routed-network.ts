import { isRouted, modeOf } from '../cni.js';
import { defineSpecRule } from '../rule.js';

const DIRECT = ['host-gw', 'native', 'none'];

export const directRoutesOnRoutedNetwork = defineSpecRule({
  code: 'direct-routes-on-routed-network',
  title: 'Pods cannot be routed directly on a network that routes by itself',
  severity: 'error',
  acceptable: true,
  explain: `Flannel's \`host-gw\`, Calico's \`none\` and Cilium's \`native\` send pods' packets without a tunnel: the network between the nodes must
carry them. On one layer 2 network nodes do that themselves. In a Hetzner Cloud network every packet passes a gateway, which
drops what is not addressed to a known machine: Cilium says *must be directly reachable*, Flannel's routes lead nowhere.

Either the provider keeps a route per node (\`network.provider.routes: true\`; Hetzner's cloud controller does it, at most
100), with Cilium \`native\` or Calico \`none\`; or use a tunnel. \`host-gw\` can never work there.`,
  source: 'https://github.com/cilium/cilium/issues/24777',
  reads: ['network'],
  check: ({ network }, { at }) => {
    const { name } = network.cni;
    const mode = modeOf(network);
    const served = network.provider?.routes === true && mode !== 'host-gw';
    if (name === 'none' || !DIRECT.includes(mode) || !isRouted(network) || served) return [];
    const tunnel = name === 'cilium' ? 'tunnel' : 'vxlan';
    return [
      {
        message: `${name} ${mode} cannot work on a routed provider network`,
        location: at(['spec', 'network', 'cni', 'mode']),
        cause: 'every packet passes the provider’s gateway, which knows no pod addresses',
        hint:
          mode === 'host-gw'
            ? `use mode: ${tunnel}`
            : `use mode: ${tunnel}, or provider.routes: true with a cloud controller`,
      },
    ];
  },
});
