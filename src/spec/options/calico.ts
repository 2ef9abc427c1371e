import { didYouMean } from '../../core/did-you-mean.js';
import { sentence } from '../../core/text.js';
import { modeOf } from '../cni.js';
import type { ClusterSpec } from '../schema/cluster.js';
import { cniVersionOf } from '../versions.js';
import { BGP_FIELDS, FELIX_FIELDS } from './calico-fields.js';
import type { Option, OptionProblem } from './option.js';
import { judgeKey } from './versioned-keys.js';

type Network = ClusterSpec['network'];

/** Options that Drover passes to Calico; `felix` and `bgp` are the specs of FelixConfiguration and BGPConfiguration. */
const OPTIONS = [
  'blockSize',
  'crossSubnet',
  'natOutgoing',
  'ipAutodetection',
  'nftablesMode',
  'allowIpForwarding',
  'felix',
  'bgp',
];

interface Dead {
  readonly cause: string;
  readonly instead: string;
}

const POOL =
  'CALICO_IPV4POOL_* make the first pool only: they count while no IPv4 pool exists and never change one';
const CONFIG_MAP = 'nothing reads this key in calico-config; it belongs to the IPPool';

const TYPHA: Dead = {
  cause: 'Drover installs Calico without Typha: its agents ask the API themselves, enough for some 50 nodes',
  instead: 'remove it',
};

/** The keys of old and wrong guides, with the right one. */
const DEAD: Readonly<Record<string, Dead>> = {
  ipipMode: { cause: CONFIG_MAP, instead: 'use cni.mode: ipip' },
  vxlanMode: { cause: CONFIG_MAP, instead: 'use cni.mode: vxlan (ipip and none switch it off)' },
  calico_ipip_mode: { cause: 'this is a variable of Kubespray', instead: 'use cni.mode: ipip' },
  calico_vxlan_mode: { cause: 'this is a variable of Kubespray', instead: 'use cni.mode: vxlan' },
  calico_nat_outgoing: {
    cause: 'neither Calico nor Kubespray has it',
    instead: 'use options.natOutgoing: true',
  },
  calico_network_backend: {
    cause: 'this is a variable of Kubespray',
    instead: 'leave it out: cni.mode decides',
  },
  CALICO_IPV4POOL_IPIP: { cause: POOL, instead: 'use cni.mode: ipip' },
  CALICO_IPV4POOL_VXLAN: { cause: POOL, instead: 'use cni.mode: vxlan' },
  CALICO_IPV4POOL_CIDR: { cause: POOL, instead: 'use network.pods' },
  CALICO_IPV4POOL_NAT_OUTGOING: { cause: POOL, instead: 'use options.natOutgoing' },
  CALICO_IPV4POOL_BLOCK_SIZE: { cause: POOL, instead: 'use options.blockSize' },
  CALICO_NETWORKING_BACKEND: { cause: 'the mode decides whether BIRD runs', instead: 'use cni.mode' },
  IP_AUTODETECTION_METHOD: {
    cause: 'Drover sets it from the node network',
    instead: 'use options.ipAutodetection',
  },
  FELIX_IPINIPMTU: { cause: 'Drover sets the MTU', instead: 'use cni.mtu' },
  FELIX_VXLANMTU: { cause: 'Drover sets the MTU', instead: 'use cni.mtu' },
  FELIX_IPINIPENABLED: {
    cause: 'Drover switches encapsulations with the mode',
    instead: 'use cni.mode: ipip',
  },
  FELIX_VXLANENABLED: {
    cause: 'Drover switches encapsulations with the mode',
    instead: 'use cni.mode: vxlan',
  },
  veth_mtu: { cause: 'Drover sets the MTU', instead: 'use cni.mtu' },
  typha: TYPHA,
  typha_service_name: TYPHA,
  cni_network_config: { cause: 'Drover writes the CNI configuration', instead: 'use the other options' },
  encapsulation: { cause: 'the mode is a key of its own', instead: 'use cni.mode: ipip, vxlan or none' },
  manifest: { cause: 'Drover installs the version that the spec names', instead: 'use cni.version' },
};

const backendProblem = ({ path, value }: Option, network: Network): OptionProblem => ({
  path,
  severity: 'error',
  message: 'calico_backend follows from the mode',
  cause:
    value === 'none' && modeOf(network) === 'ipip'
      ? 'none stops BIRD, and without BIRD no routes to the pods of other nodes exist: tunl0 is up and leads nowhere'
      : 'ipip needs bird, vxlan runs without it, none is for routes that the provider keeps',
  instead: `remove it: cni.mode: ${modeOf(network)} sets the right one`,
});

const natProblem = ({ path, value }: Option): OptionProblem | undefined =>
  path.length === 1 && typeof value === 'boolean'
    ? undefined
    : {
        path,
        severity: 'error',
        message: path.length > 1 ? 'calico-config has no natOutgoing' : 'natOutgoing is true or false',
        cause:
          path.length > 1
            ? CONFIG_MAP
            : '“Enabled” is what the operator’s Installation says; an IPPool has true or false',
        instead: `use options.natOutgoing: ${String(value !== 'Disabled' && value !== false)}`,
      };

const felixEnvironment = (name: string): Dead | undefined =>
  name.startsWith('FELIX_')
    ? {
        cause: 'environment variables of calico-node are lost with the next update',
        instead: 'use options.felix with the name that FelixConfiguration has',
      }
    : undefined;

const unknown = ({ path, name }: Option): OptionProblem => {
  const near = didYouMean(name, OPTIONS);
  return {
    path,
    severity: 'error',
    message: `Calico has no option ${name} here`,
    instead: near === undefined ? `options: ${sentence(OPTIONS, 12)}` : `did you mean ${near}?`,
  };
};

const ipsetHack = ({ path, name, value }: Option): OptionProblem | undefined =>
  /ipsetsRefreshInterval$/i.test(name) && /^0s?$/.test(String(value))
    ? {
        path,
        severity: 'warning',
        message: 'switching the refresh off does not keep Calico from reading ipsets',
        cause:
          'it lists its sets when it starts and stops on those that another program wrote in a newer revision',
        instead: 'remove it and use Calico v3.30.6, v3.31.3, v3.32.0 or later',
      }
    : undefined;

/** Fields that Drover sets itself, as variables of the agents, which win over the object. */
const PINNED: Readonly<Record<string, string>> = {
  ipipEnabled: 'cni.mode: ipip',
  vxlanEnabled: 'cni.mode: vxlan',
  vxlanPort: 'cni.port',
  vxlanMTU: 'cni.mtu',
  ipipMTU: 'cni.mtu',
  nftablesMode: 'options.nftablesMode',
  iptablesBackend: 'nothing: it is the one that the hosts use',
  mtuIfacePattern: 'network.interface',
};

const FIELDS = { felix: FELIX_FIELDS, bgp: BGP_FIELDS } as const;
const KINDS = { felix: 'FelixConfiguration', bgp: 'BGPConfiguration' } as const;

const fieldProblem = (
  top: keyof typeof FIELDS,
  option: Option,
  network: Network,
): OptionProblem | undefined => {
  const { path } = option;
  if (path.length !== 2) return undefined;
  const key = String(path[1]);
  const place = top === 'felix' ? PINNED[key] : undefined;
  if (place !== undefined)
    return { path, severity: 'error', message: `${key} is set by Drover`, instead: `say it by ${place}` };
  const version = cniVersionOf(network) ?? FIELDS[top].newest;
  const answer = judgeKey(FIELDS[top], key, { program: KINDS[top], version });
  return answer === undefined ? ipsetHack(option) : { path, ...answer };
};

const problemOf = (option: Option, network: Network): OptionProblem | undefined => {
  const { path } = option;
  const key = String(path.at(-1));
  const top = String(path[0]);
  if (key === 'calico_backend') return backendProblem(option, network);
  if (key === 'natOutgoing') return natProblem(option);
  if (top === 'felix' || top === 'bgp') return fieldProblem(top, option, network);
  const dead = DEAD[key] ?? felixEnvironment(key);
  if (dead !== undefined) return { path, severity: 'error', message: `${key} would do nothing`, ...dead };
  const containers = ['calico-config', 'env'];
  return path.length > 1 || OPTIONS.includes(key) || containers.includes(key)
    ? undefined
    : (ipsetHack(option) ?? unknown(option));
};

/** Judges `network.cni.options` of Calico. */
export const calicoProblems = (network: Network, options: readonly Option[]): readonly OptionProblem[] =>
  options.flatMap((option) => {
    const problem = problemOf(option, network);
    return problem === undefined ? [] : [problem];
  });
