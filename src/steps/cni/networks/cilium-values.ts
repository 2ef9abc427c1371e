import type { Json } from '../../../core/canonical.js';
import { ciliumEncapsulations } from '../../../facts/cni/encapsulations/cilium.js';
import type { RecipeInput } from '../recipe.js';

type Values = { readonly [name: string]: Json };

const isValues = (value: Json | undefined): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Values of the spec under those of Drover, member by member. */
const under = (theirs: Values, ours: Values): Values => ({
  ...theirs,
  ...Object.fromEntries(
    Object.entries(ours).map(([name, value]) => {
      const their = theirs[name];
      return [name, isValues(value) && isValues(their) ? under(their, value) : value];
    }),
  ),
});

/** Helm values may be dotted: `bpf.masquerade: true`. */
const nested = (options: Values): Values =>
  Object.entries(options).reduce<Values>((all, [name, value]) => {
    const [last = '', ...before] = name.split('.').reverse();
    const branch = before.reduce<Values>((inner, key) => ({ [key]: inner }), { [last]: value });
    return under(all, branch);
  }, {});

/** Bytes by which a tunnel over IPv6 is larger. */
const OVER_IPV6 = 20;

/** Cilium is told the MTU of the wire, and takes its tunnel off itself. */
const wireMtu = ({ mode, mtu, nodes }: RecipeInput): number => {
  const overhead = ciliumEncapsulations.find((each) => each.mode === mode)?.overhead ?? 0;
  const ipv6 = nodes.some(({ address }) => address.includes(':'));
  return mtu + overhead + (overhead > 0 && ipv6 ? OVER_IPV6 : 0);
};

const routing = (input: RecipeInput): Values =>
  input.mode === 'tunnel'
    ? { routingMode: 'tunnel', ...(input.port === null ? {} : { tunnelPort: input.port }) }
    : { routingMode: 'native', autoDirectNodeRoutes: input.providerRoutes !== true };

/** Provider routes follow the ranges that Kubernetes gives to nodes; else Cilium cuts blocks out of the pool. */
const addresses = ({ pool, blockPrefix, mode, providerRoutes }: RecipeInput): Values =>
  mode === 'native' && providerRoutes === true
    ? { mode: 'kubernetes' }
    : {
        mode: 'cluster-pool',
        operator: { clusterPoolIPv4PodCIDRList: [pool], clusterPoolIPv4MaskSize: blockPrefix },
      };

/**
 * The second network: its agents write no configuration, enforce nothing, touch nobody else’s pods, and leave routing to
 * the host, so that packets reach pods of the other network.
 */
const BESIDE: Values = {
  policyEnforcementMode: 'never',
  bpf: { hostLegacyRouting: true },
  operator: { unmanagedPodWatcher: { restart: false } },
};

/** What people may set otherwise: with certificates that the chart makes, no two renderings are the same. */
const USUAL: Values = {
  hubble: { enabled: false, tls: { auto: { method: 'cronJob' } } },
};

/** Ports of hosts (`hostPort`) are the portmap plugin’s, as long as Cilium does not replace kube-proxy. */
export const withPortmap = ({ replacesKubeProxy }: RecipeInput): boolean => replacesKubeProxy !== true;

/** Values of Cilium’s chart for this cluster: the spec’s options, and over them what Drover decides. */
export const ciliumValues = (input: RecipeInput): Values => {
  const { pods, beside, confDir, binDir, api, cluster, nodes, turn } = input;
  const ours: Values = {
    ...(cluster === undefined ? {} : { cluster: { name: cluster } }),
    ...routing(input),
    ipam: addresses(input),
    MTU: wireMtu(input),
    // Covers the former network’s pods too: sources are kept between both.
    ipv4NativeRoutingCIDR: pods,
    kubeProxyReplacement: !withPortmap(input),
    k8sServiceHost: api.host,
    k8sServicePort: api.port,
    rollOutCiliumPods: true,
    cni: {
      confPath: confDir,
      binPath: binDir,
      customConf: beside,
      exclusive: false,
      uninstall: false,
      ...(withPortmap(input) ? { chainingMode: 'portmap' } : {}),
    },
    operator: { replicas: Math.min(2, Math.max(1, nodes.length)) },
    // Nodes of different modes do not reach each other: the fewer seconds the better.
    ...(turn === undefined ? {} : { updateStrategy: { rollingUpdate: { maxUnavailable: '100%' } } }),
  };
  const wanted = under(under(USUAL, nested(input.options ?? {})), ours);
  return beside ? under(wanted, BESIDE) : wanted;
};
