import semver from 'semver';
import { isRouted, modeOf } from '../cni.js';
import type { ClusterSpec } from '../schema/cluster.js';
import { cniVersionOf } from '../versions.js';
import { CILIUM_AGENT_KEYS, CILIUM_OWNED } from './cilium-keys.js';
import { CILIUM_VALUES } from './cilium-values.js';
import type { Option, OptionProblem } from './option.js';
import { judgeKey } from './versioned-keys.js';

type Network = ClusterSpec['network'];

/** One option with the cluster that it is for. */
interface Case {
  readonly option: Option;
  readonly network: Network;
  /** Cilium's version; 999.0.0 when the spec's is unreadable, so that the newest rules count. */
  readonly version: string;
}

type Judge = (which: Case) => OptionProblem | undefined;

/** Since when a version refuses a key: warning before, error from then on. */
const since = (
  { version, option }: Case,
  removed: string,
  rest: Omit<OptionProblem, 'path' | 'severity'>,
): OptionProblem => ({
  path: option.path,
  severity: semver.gte(version, removed) ? 'error' : 'warning',
  ...rest,
});

const tunnel: Judge = (which) => {
  const off = String(which.option.value) === 'disabled';
  return since(which, '1.15.0', {
    message: `tunnel: ${off ? 'disabled' : 'its value'} is not understood since Cilium 1.15`,
    cause:
      'deprecated in 1.14 and removed in 1.15; the agent ignores it or stops on it, and the tunnel stays on',
    instead: off
      ? 'remove it and use cni.mode: native (routingMode: native)'
      : 'remove it and use cni.mode: tunnel, with options.tunnelProtocol for vxlan or geneve',
  });
};

const tunnelProtocol: Judge = ({ option }) =>
  String(option.value) === 'disabled'
    ? {
        path: option.path,
        severity: 'error',
        message: 'disabled is no tunnel protocol',
        cause: 'the agent stops on it: it knows vxlan and geneve',
        instead: 'remove it and use cni.mode: native',
      }
    : undefined;

const kubeProxyReplacement: Judge = (which) => {
  const value = String(which.option.value);
  const { path } = which.option;
  const instead =
    'remove it and use network.kubeProxy: replaced (Drover sets true and the address of the API)';
  if (['true', 'false'].includes(value))
    return { path, severity: 'error', message: 'kubeProxyReplacement is set by Drover', instead };
  return since(which, value === 'probe' ? '1.13.0' : '1.16.0', {
    message: `kube-proxy-replacement: ${['strict', 'partial', 'probe', 'disabled'].includes(value) ? value : 'this value'} is ${value === 'probe' ? 'gone since Cilium 1.13' : 'refused since Cilium 1.16'}`,
    cause: 'only true and false are left; strict, partial and disabled were deprecated in 1.14',
    instead:
      value === 'disabled'
        ? 'remove it: Cilium leaves kube-proxy alone unless network.kubeProxy is replaced'
        : instead,
  });
};

const nativeCidr: Judge = (which) =>
  since(which, '1.12.0', {
    message: 'native-routing-cidr is gone since Cilium 1.12',
    cause: 'deprecated in 1.10, removed in 1.12',
    instead: 'use options.ipv4NativeRoutingCIDR; Drover sets it to network.pods',
  });

const directRoutes: Judge = ({ option, network }) => {
  if (String(option.value) !== 'true') return undefined;
  const { path } = option;
  if (isRouted(network))
    return {
      path,
      severity: 'error',
      message: 'autoDirectNodeRoutes needs one layer 2 network; this provider network routes',
      cause: 'Cilium refuses routes through a gateway: “must be directly reachable”',
      instead: 'remove it and use cni.mode: tunnel, or provider.routes: true with a cloud controller',
    };
  return modeOf(network) === 'native'
    ? undefined
    : {
        path,
        severity: 'error',
        message: 'autoDirectNodeRoutes does nothing with a tunnel',
        instead: 'remove it, or use cni.mode: native',
      };
};

const quickInstall: Judge = ({ option }) =>
  typeof option.value === 'string' && option.value.includes('quick-install.yaml')
    ? {
        path: option.path,
        severity: 'error',
        message: 'quick-install.yaml does not exist any more',
        cause: 'Cilium removed it in 1.10 and publishes no static manifest since',
        instead: 'remove it and name cni.version: Drover installs the chart',
      }
    : undefined;

const JUDGES: Readonly<Record<string, Judge>> = {
  tunnel,
  tunneling: tunnel,
  tunnelProtocol,
  'tunnel-protocol': tunnelProtocol,
  kubeProxyReplacement,
  'kube-proxy-replacement': kubeProxyReplacement,
  'native-routing-cidr': nativeCidr,
  nativeRoutingCIDR: nativeCidr,
  autoDirectNodeRoutes: directRoutes,
};

const agentKey: Judge = (which) => {
  const { option } = which;
  const key = String(option.path.at(-1));
  const value = CILIUM_AGENT_KEYS[key];
  if (value === undefined || value === key || (key === 'ipam' && typeof option.value !== 'string'))
    return undefined;
  if (key === 'auto-direct-node-routes') {
    const refused = directRoutes(which);
    if (refused !== undefined) return refused;
  }
  return {
    path: option.path,
    severity: 'error',
    message: `${key} is a key of the agent’s ConfigMap, not a Helm value`,
    cause: 'agents read the ConfigMap when they start, and the next Helm upgrade takes a change back',
    instead: value.startsWith('network.') ? `use ${value}` : `use options.${value}`,
  };
};

const owned: Judge = ({ option }) => {
  const place = CILIUM_OWNED[option.name];
  if (place === undefined) return undefined;
  return {
    path: option.path,
    severity: 'error',
    message: `${option.name} is set by Drover`,
    instead: `say it by ${place}`,
  };
};

/** Keys of whole files that guides paste in: what is below them is judged by itself. */
const CONTAINERS = ['cilium-config', 'data'];

const unknown: Judge = ({ option, version }) => {
  const [top = ''] = option.name.split('.');
  if (option.path.length > 1 || CONTAINERS.includes(top)) return undefined;
  const answer = judgeKey(CILIUM_VALUES, top, { program: 'Cilium’s chart', version });
  return answer === undefined ? undefined : { path: option.path, ...answer };
};

/** Judges `network.cni.options` of Cilium: Helm values, nested or dotted. */
export const ciliumProblems = (network: Network, options: readonly Option[]): readonly OptionProblem[] => {
  const version = cniVersionOf(network) ?? '999.0.0';
  return options.flatMap((option) => {
    const which = { option, network, version };
    const judge = JUDGES[String(option.path.at(-1))] ?? JUDGES[option.name];
    const problem =
      judge === undefined
        ? (quickInstall(which) ?? agentKey(which) ?? owned(which) ?? unknown(which))
        : judge(which);
    return problem === undefined ? [] : [problem];
  });
};
