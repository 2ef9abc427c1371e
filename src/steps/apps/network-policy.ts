import { parseAddress } from '../../core/cidr.js';
import type { KubeObject } from '../../core/ports/kube.js';
import type { Cluster } from '../../spec/cluster.js';
import { serviceAddress } from '../../spec/service-address.js';
import { vaultEndpoint } from '../../spec/vault.js';
import { type Application, type AppsInput, enabledApps, metaOf, selectorOf } from './input.js';
import { portsOfService } from './outside.js';
import { block, ingressPeers, namespacePeer, single } from './peers.js';

type Fields = Readonly<Record<string, unknown>>;

const podsOf = (application: Application): Fields => ({
  ...namespacePeer(application.namespace),
  podSelector: { matchLabels: selectorOf(application) },
});

const portList = (ports: Application['ports']): readonly Fields[] =>
  ports.map(({ port, protocol }) => ({ port, protocol }));

const callersOf = (application: Application, cluster: Cluster): readonly Application[] =>
  enabledApps(cluster).filter(({ needs }) => needs.includes(application.name));

const ingressRules = (application: Application, input: AppsInput): readonly Fields[] => {
  const ports = portList(application.ports);
  const callers = callersOf(application, input.cluster).map(podsOf);
  return [
    ...(application.ingress === undefined ? [] : [{ from: ingressPeers(input), ports }]),
    ...(callers.length === 0 ? [] : [{ from: callers, ports }]),
  ];
};

const DNS: Fields = {
  to: [
    {
      ...namespacePeer('kube-system'),
      podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    },
  ],
  ports: [
    { port: 53, protocol: 'UDP' },
    { port: 53, protocol: 'TCP' },
  ],
};

/** A name may lead anywhere: then the port alone is limited. */
const toService = (cluster: Cluster, need: string): readonly Fields[] =>
  cluster.spec.externalServices
    .filter(({ name }) => name === need)
    .map((service) => {
      const address = serviceAddress(cluster, service) ?? '';
      const ports = portsOfService(service).map(([, port]) => ({ port, protocol: 'TCP' }));
      return parseAddress(address) === undefined ? { ports } : { to: [block(single(address))], ports };
    });

const toVault = ({ spec: { vault } }: Cluster, application: Application): readonly Fields[] => {
  if (vault === undefined || application.vault === undefined) return [];
  const { host, port } = vaultEndpoint(vault);
  const ports = [{ port, protocol: 'TCP' }];
  return [parseAddress(host) === undefined ? { ports } : { to: [block(single(host))], ports }];
};

const egressRules = (application: Application, { cluster }: AppsInput): readonly Fields[] => [
  DNS,
  ...application.needs.flatMap((need) => toService(cluster, need)),
  ...enabledApps(cluster)
    .filter(({ name }) => application.needs.includes(name))
    .map((needed) => ({ to: [podsOf(needed)], ports: portList(needed.ports) })),
  ...toVault(cluster, application),
];

/** Only the ingress and those that need it may call an application; it may call what it needs, and DNS. */
export const networkPolicyOf = (application: Application, input: AppsInput): KubeObject => {
  const limited = application.egress === 'needs';
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metaOf(application),
    spec: {
      podSelector: { matchLabels: selectorOf(application) },
      policyTypes: limited ? ['Ingress', 'Egress'] : ['Ingress'],
      ingress: ingressRules(application, input),
      ...(limited ? { egress: egressRules(application, input) } : {}),
    },
  };
};
