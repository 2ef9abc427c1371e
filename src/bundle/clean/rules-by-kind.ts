import type { KubeObject } from '../../core/ports/kube.js';
import { mapOf } from './draft.js';
import type { Pattern } from './pattern.js';
import { type StripRule, strip } from './rule.js';

const annotations = (...keys: readonly string[]): readonly Pattern[] =>
  keys.map((key) => ['metadata', 'annotations', key]);
const labels = (...keys: readonly string[]): readonly Pattern[] =>
  keys.map((key) => ['metadata', 'labels', key]);
const spec = (...paths: readonly string[]): readonly Pattern[] =>
  paths.map((path) => ['spec', ...path.split('.')]);

const hasClusterAddress = ({ spec: value }: KubeObject): boolean => mapOf(value)['clusterIP'] !== 'None';
const injectsAuthority = ({ metadata }: KubeObject): boolean =>
  Object.keys(metadata.annotations ?? {}).some((key) => /^cert-manager\.io\/inject-/.test(key));
const hasClass = ({ spec: value }: KubeObject): boolean => mapOf(value)['ingressClassName'] !== undefined;
const isAggregated = (object: KubeObject): boolean => object['aggregationRule'] !== undefined;
const isTokenSecret = ({ type }: KubeObject): boolean => type === 'kubernetes.io/service-account-token';

const JOB_LABELS = [
  'controller-uid',
  'batch.kubernetes.io/controller-uid',
  'job-name',
  'batch.kubernetes.io/job-name',
];

const job: readonly StripRule[] = [
  ...strip('computed', [
    ...labels(...JOB_LABELS),
    ...JOB_LABELS.map((key): Pattern => ['spec', 'template', 'metadata', 'labels', key]),
    ...annotations('batch.kubernetes.io/job-tracking', 'batch.kubernetes.io/cronjob-scheduled-timestamp'),
  ]),
  ...strip('computed', spec('selector'), {
    when: ({ spec: value }) => mapOf(value)['manualSelector'] !== true,
  }),
];

const pod: readonly StripRule[] = [
  ...strip('cluster-specific', spec('nodeName', 'ephemeralContainers')),
  ...strip('computed', spec('priority', 'preemptionPolicy')),
  ...strip(
    'cluster-specific',
    annotations('cni.projectcalico.org/*', 'k8s.ovn.org/*', 'k8s.v1.cni.cncf.io/network-status*'),
  ),
  ...strip(
    'computed',
    labels(
      'controller-revision-hash',
      'pod-template-generation',
      'statefulset.kubernetes.io/pod-name',
      'apps.kubernetes.io/pod-index',
    ),
  ),
];

const claim: readonly StripRule[] = [
  ...strip('cluster-specific', [
    ...annotations(
      'pv.kubernetes.io/bind-completed',
      'pv.kubernetes.io/bound-by-controller',
      'volume.kubernetes.io/storage-provisioner',
      'volume.beta.kubernetes.io/storage-provisioner',
      'volume.kubernetes.io/selected-node',
      'volume.kubernetes.io/storage-resizer',
      // It wins over storageClassName, whatever that says.
      'volume.beta.kubernetes.io/storage-class',
    ),
    // Snapshots are not carried: a claim that names one waits for ever.
    ...spec('volumeName', 'dataSource', 'dataSourceRef', 'volumeAttributesClassName'),
  ]),
];

const volume: readonly StripRule[] = strip('cluster-specific', [
  ...annotations(
    'pv.kubernetes.io/provisioned-by',
    'pv.kubernetes.io/bound-by-controller',
    'pv.kubernetes.io/migrated-to',
    'volume.kubernetes.io/provisioner-deletion-secret-*',
  ),
  ...spec('claimRef.uid', 'claimRef.resourceVersion'),
]);

const service: readonly StripRule[] = [
  ...strip('cluster-specific', spec('clusterIP'), { when: hasClusterAddress, unlessPersons: true }),
  // A person who chose an address wrote clusterIP; the list follows from it.
  ...strip('computed', spec('clusterIPs')),
  ...strip('cluster-specific', spec('healthCheckNodePort'), { unlessPersons: true }),
  ...strip('cluster-specific', spec('loadBalancerIP', 'ipFamilies', 'ipFamilyPolicy')),
  ...strip('cluster-specific', spec('externalIPs'), {
    when: ({ spec: value }) => mapOf(value)['type'] === 'LoadBalancer',
  }),
  ...strip('cluster-specific', spec('loadBalancerClass'), { unlessPersons: true }),
];

const injected = (...paths: readonly Pattern[]): readonly StripRule[] =>
  strip('computed', paths, { when: injectsAuthority });

/** Fields of single kinds that do not move along, by `Kind` or `Kind.group`. */
export const rulesByKind: Readonly<Record<string, readonly StripRule[]>> = {
  Namespace: [
    ...strip('computed', [...labels('kubernetes.io/metadata.name'), ...spec('finalizers')]),
    ...strip('cluster-specific', annotations('openshift.io/*', 'sa.scc.*')),
  ],
  Service: service,
  Endpoints: strip('computed', annotations('endpoints.kubernetes.io/*')),
  'EndpointSlice.discovery.k8s.io': strip('computed', annotations('endpoints.kubernetes.io/*')),
  Pod: pod,
  'Deployment.apps': strip('computed', annotations('deployment.kubernetes.io/revision')),
  'DaemonSet.apps': strip('computed', annotations('deprecated.daemonset.template.generation')),
  'ReplicaSet.apps': strip('computed', [
    ...labels('pod-template-hash'),
    ...annotations(
      'deployment.kubernetes.io/desired-replicas',
      'deployment.kubernetes.io/max-replicas',
      'deployment.kubernetes.io/revision*',
    ),
  ]),
  'StatefulSet.apps': strip('cluster-specific', [
    ['spec', 'volumeClaimTemplates', '*', 'status'],
    ['spec', 'volumeClaimTemplates', '*', 'metadata', 'creationTimestamp'],
    ['spec', 'volumeClaimTemplates', '*', 'spec', 'volumeName'],
  ]),
  'Job.batch': job,
  'CronJob.batch': [],
  PersistentVolumeClaim: claim,
  PersistentVolume: volume,
  Secret: strip(
    'computed',
    [
      ...annotations('kubernetes.io/service-account.uid'),
      ...labels('kubernetes.io/legacy-token-*'),
      ['data', 'token'],
      ['data', 'ca.crt'],
      ['data', 'namespace'],
    ],
    { when: isTokenSecret },
  ),
  'ClusterRole.rbac.authorization.k8s.io': [
    ...strip('tool-trace', annotations('rbac.authorization.kubernetes.io/autoupdate')),
    ...strip('computed', [['rules']], { when: isAggregated }),
  ],
  'Ingress.networking.k8s.io': [
    // The API refuses an Ingress that has both when it is created.
    ...strip('computed', annotations('kubernetes.io/ingress.class'), { when: hasClass }),
    ...strip('cluster-specific', annotations('field.cattle.io/*', 'ingress.gcp.kubernetes.io/*')),
  ],
  'HorizontalPodAutoscaler.autoscaling': strip(
    'computed',
    annotations(
      'autoscaling.alpha.kubernetes.io/conditions',
      'autoscaling.alpha.kubernetes.io/current-metrics',
    ),
  ),
  'CustomResourceDefinition.apiextensions.k8s.io': injected([
    'spec',
    'conversion',
    'webhook',
    'clientConfig',
    'caBundle',
  ]),
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io': injected([
    'webhooks',
    '*',
    'clientConfig',
    'caBundle',
  ]),
  'MutatingWebhookConfiguration.admissionregistration.k8s.io': injected([
    'webhooks',
    '*',
    'clientConfig',
    'caBundle',
  ]),
  'APIService.apiregistration.k8s.io': [
    ...strip('tool-trace', labels('kube-aggregator.kubernetes.io/automanaged')),
    ...injected(['spec', 'caBundle']),
  ],
};
