import { parseAddress } from '../../core/cidr.js';
import type { KubeObject } from '../../core/ports/kube.js';
import type { Cluster } from '../../spec/cluster.js';
import { type ExternalService, serviceAddress } from '../../spec/service-address.js';

type Fields = Readonly<Record<string, unknown>>;

const MANAGED = { 'app.kubernetes.io/managed-by': 'drover' };

/** All ports of a service, the one that applications call first. */
export const portsOfService = ({ kind, port, ports }: ExternalService): readonly [string, number][] => [
  [kind, port],
  ...Object.entries(ports),
];

const portFields = (service: ExternalService): readonly Fields[] =>
  portsOfService(service).map(([name, port]) => ({ name, port, protocol: 'TCP' }));

const serviceObject = (service: ExternalService, namespace: string, spec: Fields): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: service.name, namespace, labels: MANAGED },
  spec,
});

const slice = (service: ExternalService, namespace: string, address: string): KubeObject => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: {
    name: service.name,
    namespace,
    labels: {
      ...MANAGED,
      'kubernetes.io/service-name': service.name,
      // The API's own controller leaves slices of other managers alone.
      'endpointslice.kubernetes.io/managed-by': 'drover.dev',
    },
  },
  addressType: address.includes(':') ? 'IPv6' : 'IPv4',
  endpoints: [{ addresses: [address], conditions: { ready: true } }],
  ports: portFields(service),
});

/**
 * The name of a service outside, inside a namespace: a Service without pods whose endpoint is the address of the spec, or
 * an alias where the spec has a DNS name.
 */
export const outsideObjects = (
  cluster: Cluster,
  service: ExternalService,
  namespace: string,
): readonly KubeObject[] => {
  const address = serviceAddress(cluster, service);
  if (address === undefined) return [];
  if (parseAddress(address) === undefined)
    return [serviceObject(service, namespace, { type: 'ExternalName', externalName: address })];
  return [
    serviceObject(service, namespace, { type: 'ClusterIP', ports: portFields(service) }),
    slice(service, namespace, address),
  ];
};
