import type { RecipeInput } from '../recipe.js';

/** Where the agents leave configuration and keys of the plugin on each node while another network is in use. */
export const STAGING = '/var/lib/drover/cni/calico';

export const CONF_NAME = '05-calico.conflist';

/** Stands in quotes in the template, and without them after the installer has put the number in. */
const MTU = '__CNI_MTU__';

/**
 * The template that Calico’s installer fills in on each node. Pods may forward packets, which K3s’ own load balancer
 * needs; addresses come from Drover’s pool alone.
 */
export const calicoConflist = ({ pool, options }: RecipeInput): string =>
  JSON.stringify(
    {
      name: 'k8s-pod-network',
      cniVersion: '1.0.0',
      plugins: [
        {
          type: 'calico',
          log_level: 'info',
          log_file_path: '/var/log/calico/cni/cni.log',
          datastore_type: 'kubernetes',
          nodename: '__KUBERNETES_NODE_NAME__',
          mtu: MTU,
          ipam: { type: 'calico-ipam', ipv4_pools: [pool] },
          container_settings: { allow_ip_forwarding: options?.['allowIpForwarding'] !== false },
          policy: { type: 'k8s' },
          kubernetes: { kubeconfig: '__KUBECONFIG_FILEPATH__' },
        },
        { type: 'portmap', snat: true, capabilities: { portMappings: true } },
      ],
    },
    null,
    2,
  ).replace(`"${MTU}"`, MTU);
