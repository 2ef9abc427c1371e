import type { KubeObject } from '../../../core/ports/kube.js';
import type { CniMode } from '../../../facts/cni/driver.js';
import type { RecipeInput } from '../recipe.js';
import { calicoConflist, STAGING } from './calico-conflist.js';
import { POOL_ANNOTATION } from './network-annotations.js';
import { restOfRange } from './rest-of-range.js';

const CRD_VERSION = 'crd.projectcalico.org/v1';

/** What keeps routes between nodes: BIRD for IPIP and bare packets, Felix alone for VXLAN, within a subnet too. */
export const needsBird = ({ mode, turn }: RecipeInput): boolean =>
  mode !== 'vxlan' || (turn !== undefined && turn.from !== 'vxlan');

/** How packets travel now: until agents have both tunnels everywhere, as before. */
export const carriedBy = ({ mode, turn }: RecipeInput): CniMode =>
  turn === undefined || turn.done ? mode : turn.from;

export const isCrossSubnet = ({ options }: RecipeInput): boolean => options?.['crossSubnet'] === true;

const settings = (name: string, data: Readonly<Record<string, string>>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'kube-system' },
  data,
});

/** Read by all containers of the manifest: the API is found without kube-proxy, which a change of network may stop. */
export const apiSettings = ({ api }: RecipeInput): KubeObject =>
  settings('kubernetes-services-endpoint', {
    KUBERNETES_SERVICE_HOST: api.host,
    KUBERNETES_SERVICE_PORT: `${api.port}`,
  });

export const calicoSettings = (input: RecipeInput): KubeObject =>
  settings('calico-config', {
    typha_service_name: 'none',
    calico_backend: needsBird(input) ? 'bird' : 'vxlan',
    veth_mtu: `${input.mtu}`,
    cni_network_config: calicoConflist(input),
  });

export const poolName = (range: string): string => `drover-${range.replaceAll(/[./:]/g, '-')}`;

const pool = (cidr: string, input: RecipeInput, spec: Readonly<Record<string, unknown>>): KubeObject => {
  const { blockPrefix, options: { blockSize } = {} } = input;
  const where = isCrossSubnet(input) ? 'CrossSubnet' : 'Always';
  const carried = carriedBy(input);
  return {
    apiVersion: CRD_VERSION,
    kind: 'IPPool',
    metadata: { name: poolName(cidr), annotations: { [POOL_ANNOTATION]: cidr } },
    spec: {
      cidr,
      blockSize: typeof blockSize === 'number' ? blockSize : blockPrefix,
      ipipMode: carried === 'ipip' ? where : 'Never',
      vxlanMode: carried === 'vxlan' ? where : 'Never',
      nodeSelector: 'all()',
      allowedUses: ['Workload', 'Tunnel'],
      ...spec,
    },
  };
};

/**
 * The pool that pods get their addresses from, and the rest of the pod range as disabled pools: nobody gets an address
 * there, and packets to the other network’s pods keep their source.
 */
export const calicoPools = (input: RecipeInput): readonly KubeObject[] => {
  const natOutgoing = input.options?.['natOutgoing'] !== false;
  const rest = restOfRange(input.pods, input.pool);
  return [
    pool(input.pool, input, { natOutgoing, disabled: false }),
    ...rest.map((cidr) => {
      const { metadata, ...kept } = pool(cidr, input, { natOutgoing: false, disabled: true });
      return { ...kept, metadata: { name: metadata.name } };
    }),
  ];
};

const OWN: readonly (readonly [option: string, kind: string])[] = [
  ['felix', 'FelixConfiguration'],
  ['bgp', 'BGPConfiguration'],
];

/** `options.felix` and `options.bgp` of the spec, as they are; what Drover pins as variables of the agents wins. */
export const ownSettings = ({ options }: RecipeInput): readonly KubeObject[] =>
  OWN.flatMap(([option, kind]): KubeObject[] => {
    const spec = options?.[option];
    return spec === undefined ? [] : [{ apiVersion: CRD_VERSION, kind, metadata: { name: 'default' }, spec }];
  });

/** Folder of its CNI configuration and of the keys of its plugin: where no runtime looks, while it is the second network. */
export const confDirOf = ({ beside, confDir }: RecipeInput): string => (beside ? STAGING : confDir);
