import type { Json } from '../../../core/canonical.js';
import type { KubeObject } from '../../../core/ports/kube.js';
import type { RecipeInput } from '../recipe.js';
import { carriedBy, isCrossSubnet, needsBird, poolName } from './calico-objects.js';
import { networkAnnotations } from './network-annotations.js';
import { restOfRange } from './rest-of-range.js';

const onOff = (on: boolean): 'Enabled' | 'Disabled' => (on ? 'Enabled' : 'Disabled');

/** How an Installation calls what an IPPool says in two fields. */
const encapsulationOf = (input: RecipeInput): string => {
  const crossSubnet = isCrossSubnet(input) ? 'CrossSubnet' : '';
  switch (carriedBy(input)) {
    case 'vxlan':
      return `VXLAN${crossSubnet}`;
    case 'ipip':
      return `IPIP${crossSubnet}`;
    default:
      return 'None';
  }
};

const poolsOf = (input: RecipeInput): readonly Readonly<Record<string, Json>>[] => {
  const { options = {}, blockPrefix, pods, pool } = input;
  const pools = [
    { cidr: pool, natOutgoing: onOff(options['natOutgoing'] !== false), disableNewAllocations: false },
    // Nobody gets an address there, and packets to the other network’s pods keep their source.
    ...restOfRange(pods, pool).map((cidr) => ({
      cidr,
      natOutgoing: onOff(false),
      disableNewAllocations: true,
    })),
  ];
  return pools.map((each) => ({
    ...each,
    name: poolName(each.cidr),
    blockSize: typeof options['blockSize'] === 'number' ? options['blockSize'] : blockPrefix,
    encapsulation: encapsulationOf(input),
    nodeSelector: 'all()',
    allowedUses: ['Workload', 'Tunnel'],
  }));
};

/** `kubernetes-internal-ip` of the agents’ variable is a field here. */
const autodetection = ({ options }: RecipeInput): Readonly<Record<string, Json>> => {
  const told = options?.['ipAutodetection'];
  const [kind, value = ''] = (typeof told === 'string' ? told : '').split('=');
  switch (kind) {
    case 'cidr':
      return { cidrs: value.split(',') };
    case 'can-reach':
      return { canReach: value };
    case 'interface':
      return { interface: value };
    case 'skip-interface':
      return { skipInterface: value };
    case 'first-found':
      return { firstFound: true };
    default:
      return { kubernetes: 'NodeInternalIP' };
  }
};

/** What the operator shall make: the agents with these pools and folders. It manages no kube-proxy. */
export const installation = (
  input: RecipeInput,
  { confDir, binDir }: Pick<RecipeInput, 'confDir' | 'binDir'>,
): KubeObject => ({
  apiVersion: 'operator.tigera.io/v1',
  kind: 'Installation',
  metadata: { name: 'default' },
  spec: {
    variant: 'Calico',
    calicoNetwork: {
      bgp: onOff(needsBird(input)),
      linuxDataplane: 'Iptables',
      mtu: input.mtu,
      containerIPForwarding: onOff(input.options?.['allowIpForwarding'] !== false),
      hostPorts: 'Enabled',
      multiInterfaceMode: 'None',
      nodeAddressAutodetectionV4: autodetection(input),
      ipPools: poolsOf(input),
    },
    cni: { type: 'Calico', ipam: { type: 'Calico' }, confDir, binDir },
    calicoNodeDaemonSet: { metadata: { annotations: networkAnnotations(input) } },
  },
});
