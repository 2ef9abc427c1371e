import { z } from 'zod';
import { formatAddress, nthAddress, parseCidr } from '../../core/cidr.js';
import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import type { Cluster } from '../../spec/cluster.js';
import { addressSchema, cidrSchema, portSchema } from '../../spec/schema/common.js';
import { labError } from '../errors.js';

/** What a lab's own cluster takes from the spec. */
export const clusterPlanSchema = z.strictObject({
  pods: cidrSchema,
  services: cidrSchema,
  dns: addressSchema,
  domain: z.string(),
  backend: z.enum(['vxlan', 'host-gw']),
  nodeMask: z.number().int(),
  maxPods: z.number().int(),
  port: portSchema,
  /** Further names in the API's certificate. */
  names: z.array(z.string()),
  /** Bundled add-ons that are left out. */
  disable: z.array(z.string()),
});
export type ClusterPlan = z.infer<typeof clusterPlanSchema>;

const refuse = (path: string, message: string, cluster: Cluster, hint: string): DroverError => {
  const location = cluster.locate(path);
  return labError('lab-cluster-spec', message, { ...(location === undefined ? {} : { location }), hint });
};

const clusterDns = ({ spec }: Cluster): string => {
  if (spec.network.dns !== undefined) return spec.network.dns;
  const range = parseCidr(spec.network.services);
  const tenth = range === undefined ? undefined : nthAddress(range, 10);
  if (tenth === undefined) throw new Error(`the service range ${spec.network.services} was validated before`);
  return formatAddress(tenth);
};

const disabled = ({ spec: { addons } }: Cluster): string[] => [
  'traefik',
  'servicelb',
  ...(addons.coredns.enabled ? [] : ['coredns']),
  ...(addons.metricsServer.enabled ? [] : ['metrics-server']),
  ...(addons.localPath.enabled ? [] : ['local-storage']),
];

const PLAIN = 'leave --cluster out for bare hosts, and let `drover apply` make the cluster';

const problems = (cluster: Cluster, backend: ClusterPlan['backend'] | undefined): readonly DroverError[] => {
  const { distribution, network } = cluster.spec;
  const { cni } = network;
  return [
    ...(distribution.kind === 'k3s'
      ? []
      : [
          refuse(
            'spec.distribution.kind',
            `--cluster makes K3s clusters, and the spec says ${distribution.kind}`,
            cluster,
            PLAIN,
          ),
        ]),
    ...(backend === undefined
      ? [
          refuse(
            'spec.network.cni',
            `--cluster has flannel with vxlan or host-gw, and the spec says ${cni.name} ${cni.mode ?? ''}`.trim(),
            cluster,
            PLAIN,
          ),
        ]
      : []),
    ...(network.kubeProxy === 'iptables'
      ? []
      : [
          refuse(
            'spec.network.kubeProxy',
            `--cluster has kube-proxy with iptables, and the spec says ${network.kubeProxy}`,
            cluster,
            PLAIN,
          ),
        ]),
  ];
};

/** What of a spec its lab's cluster is made from, or everything that keeps `lab up --cluster` from making it. Pure. */
export const planCluster = (cluster: Cluster): Result<ClusterPlan, readonly DroverError[]> => {
  const { network, api } = cluster.spec;
  const mode = network.cni.mode ?? 'vxlan';
  const backend =
    network.cni.name === 'flannel' && (mode === 'vxlan' || mode === 'host-gw') ? mode : undefined;
  const errors = problems(cluster, backend);
  if (backend === undefined || errors.length > 0) return err(errors);
  return ok({
    pods: network.pods,
    services: network.services,
    dns: clusterDns(cluster),
    domain: network.domain,
    backend,
    nodeMask: network.nodeMask,
    maxPods: network.maxPods,
    port: api.port,
    names: [...(api.endpoint === undefined ? [] : [api.endpoint]), ...api.sans],
    disable: disabled(cluster),
  });
};
