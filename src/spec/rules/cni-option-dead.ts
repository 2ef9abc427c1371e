import { deadOptions } from '../options/dead-options.js';
import { defineSpecRule } from '../rule.js';

export const cniOptionDead = defineSpecRule({
  code: 'cni-option-dead',
  title: 'An option of the cluster network does not exist, or contradicts the spec',
  severity: 'error',
  explain: `Guides for older versions, and machines that wrote guides, are full of keys that the programs never read or no longer
accept. A program that does not know a key usually ignores it, so the network looks configured and is not. The error says
what Drover would do instead:

- Calico reads its mode from the IPPool, not from the ConfigMap \`calico-config\` (\`ipipMode\`, \`vxlanMode\`, \`natOutgoing\` exist
  nowhere in it). \`CALICO_IPV4POOL_*\` count only while no pool exists. \`calico_backend: none\` stops BIRD, which makes the routes
  that IPIP needs.
- Cilium removed \`tunnel\` in 1.15 (\`routingMode: native\`), refuses \`kube-proxy-replacement: strict\` since 1.16 (true or false), removed
  \`native-routing-cidr\` in 1.12 (\`ipv4NativeRoutingCIDR\`), and has had no \`quick-install.yaml\` since 1.10.
- K3s takes Flannel's mode as \`flannel-backend\` from \`network.cni.mode\`.`,
  reads: ['network'],
  check: ({ network }, { at }) =>
    deadOptions(network)
      .filter(({ severity }) => severity === 'error')
      .map(({ path, message, cause, instead }) => ({
        message,
        location: at(['spec', 'network', 'cni', 'options', ...path], 'key'),
        ...(cause === undefined ? {} : { cause }),
        hint: instead,
      })),
});
