import type { KubeObject } from '../../core/ports/kube.js';
import { listOf, mapOf } from '../clean/draft.js';
import type { Provenance } from '../clean/provenance.js';
import { idOf, kindName } from '../model/object-id.js';

/** What a rule may look at besides the object. */
export interface LeaveOutContext {
  readonly provenance: Provenance;
  readonly targetIsK3s: boolean;
}

type Rule = (object: KubeObject, context: LeaveOutContext) => string | undefined;

const annotations = ({ metadata }: KubeObject): Readonly<Record<string, string>> =>
  metadata.annotations ?? {};
const labels = ({ metadata }: KubeObject): Readonly<Record<string, string>> => metadata.labels ?? {};
const startsWithAny = (name: string, ...beginnings: readonly string[]): boolean =>
  beginnings.some((beginning) => name.startsWith(beginning));

/** Parts that K3s deploys into every cluster by itself. */
const K3S_PARTS =
  /^(ccm|coredns|local-storage|rolebindings|runtimes|traefik|metrics-server-.*|aggregated-metrics-reader|auth-delegator|auth-reader|metrics-apiservice|resource-reader)$/;

const everywhere: Rule = (object) => {
  if (object.metadata['deletionTimestamp'] !== undefined) return 'it is being deleted';
  const part = annotations(object)['objectset.rio.cattle.io/owner-name'];
  const isAddon = annotations(object)['objectset.rio.cattle.io/owner-gvk']?.includes('Kind=Addon') === true;
  if (isAddon && part !== undefined && K3S_PARTS.test(part)) return `K3s deploys ${part} by itself`;
  if (labels(object)['svccontroller.k3s.cattle.io/svcname'] !== undefined)
    return 'K3s makes it for a Service';
  return undefined;
};

const service: Rule = ({ metadata }) =>
  metadata.namespace === 'default' && metadata.name === 'kubernetes'
    ? 'every cluster has its own'
    : undefined;

const endpoints: Rule = (object, { provenance }) => {
  const manager =
    labels(object)['endpointslice.kubernetes.io/managed-by'] ??
    labels(object)['endpoints.kubernetes.io/managed-by'];
  if (
    service(object, { provenance, targetIsK3s: false }) !== undefined ||
    labels(object)['kubernetes.io/service-name'] === 'kubernetes'
  )
    return 'every cluster has its own';
  if (manager !== undefined && /^endpoint(slice)?(mirroring)?-controller/.test(manager))
    return `${manager} computes it`;
  if (annotations(object)['control-plane.alpha.kubernetes.io/leader'] !== undefined)
    return 'a leader election';
  return provenance.onlyControllers === undefined ? undefined : `${provenance.onlyControllers} computes it`;
};

const pod: Rule = (object) => {
  if (annotations(object)['kubernetes.io/config.mirror'] !== undefined) return 'a static pod of a node';
  const phase = String(mapOf(object['status'])['phase']);
  return ['Succeeded', 'Failed'].includes(phase) ? `a pod that ${phase.toLowerCase()}` : undefined;
};

const job: Rule = (object) => {
  const done = listOf(mapOf(object['status'])['conditions'])
    .map(mapOf)
    .find(({ type, status }) => ['Complete', 'Failed'].includes(String(type)) && status === 'True');
  return done === undefined ? undefined : 'a job that has ended';
};

const helm: Rule = (object) => {
  const { status = 'unknown', name = '' } = labels(object);
  return status === 'deployed' ? undefined : `a ${status} record of the Helm release ${name}`;
};

const secret: Rule = (object, context) => {
  const type = String(object['type']);
  if (type === 'bootstrap.kubernetes.io/token') return 'a token for joining this cluster';
  if (type === 'helm.sh/release.v1') return helm(object, context);
  const account = annotations(object)['kubernetes.io/service-account.name'];
  if (type === 'kubernetes.io/service-account-token')
    return /-token-[a-z0-9]{5}$/.test(object.metadata.name)
      ? `the token of ${account ?? 'an account'}`
      : undefined;
  if (type === 'kubernetes.io/dockercfg' && account !== undefined) return `made for ${account}`;
  return undefined;
};

const CONFIG_MAPS = [
  'kube-root-ca.crt',
  'openshift-service-ca.crt',
  'istio-ca-root-cert',
  'extension-apiserver-authentication',
  'aws-auth',
  'cluster-info',
];

const configMap: Rule = (object) => {
  if (CONFIG_MAPS.includes(object.metadata.name)) return 'every cluster has its own';
  return annotations(object)['control-plane.alpha.kubernetes.io/leader'] === undefined
    ? undefined
    : 'a leader election';
};

const account: Rule = (object, { provenance }) => {
  if (object.metadata.name !== 'default') return undefined;
  const carries =
    listOf(object['imagePullSecrets']).length > 0 ||
    (provenance.onlyControllers === undefined &&
      Object.keys({ ...annotations(object), ...labels(object) }).length > 0);
  return carries ? undefined : 'every namespace has its own';
};

const rbac: Rule = (object) => {
  if (labels(object)['kubernetes.io/bootstrapping'] === 'rbac-defaults') return 'every cluster has its own';
  return object.metadata.name.startsWith('system:') ? 'it belongs to the control plane' : undefined;
};

const CLOUD_WEBHOOKS = /^(vpc-resource-|pod-identity-webhook|aks-|gke-|gmp-)/;

const webhook: Rule = ({ metadata }) =>
  CLOUD_WEBHOOKS.test(metadata.name) ? 'it belongs to the cloud of the source' : undefined;

const apiService: Rule = (object) =>
  mapOf(object['spec'])['service'] === undefined || mapOf(object['spec'])['service'] === null
    ? 'the API serves it by itself'
    : undefined;

const flow: Rule = (object) =>
  annotations(object)['apf.kubernetes.io/autoupdate-spec'] === undefined
    ? undefined
    : 'every cluster has its own';

const volume: Rule = (object) => {
  const by = annotations(object)['pv.kubernetes.io/provisioned-by'];
  return by === undefined ? undefined : `${by} made it for a claim`;
};

const helmChart: Rule = (object, { targetIsK3s }) => {
  if (!targetIsK3s) return 'only K3s and RKE2 install charts this way';
  return startsWithAny(object.metadata.name, 'traefik', 'rke2-')
    ? 'the distribution deploys it by itself'
    : undefined;
};

const definition: Rule = (object) =>
  /\.(k3s|helm)\.cattle\.io$/.test(object.metadata.name) ? 'it belongs to the distribution' : undefined;

const ownClass: Rule = () => 'the target has classes of its own: they are mapped, not carried';

const byKind: Readonly<Record<string, Rule>> = {
  Namespace: ({ metadata }) => (metadata.name === 'default' ? 'every cluster has its own' : undefined),
  Service: service,
  Endpoints: endpoints,
  'EndpointSlice.discovery.k8s.io': endpoints,
  Pod: pod,
  'Job.batch': job,
  Secret: secret,
  ConfigMap: configMap,
  ServiceAccount: account,
  'ClusterRole.rbac.authorization.k8s.io': rbac,
  'ClusterRoleBinding.rbac.authorization.k8s.io': rbac,
  'Role.rbac.authorization.k8s.io': rbac,
  'RoleBinding.rbac.authorization.k8s.io': rbac,
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io': webhook,
  'MutatingWebhookConfiguration.admissionregistration.k8s.io': webhook,
  'APIService.apiregistration.k8s.io': apiService,
  'FlowSchema.flowcontrol.apiserver.k8s.io': flow,
  'PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io': flow,
  'PriorityClass.scheduling.k8s.io': ({ metadata }) =>
    metadata.name.startsWith('system-') ? 'every cluster has its own' : undefined,
  PersistentVolume: volume,
  'StorageClass.storage.k8s.io': ownClass,
  'IngressClass.networking.k8s.io': ownClass,
  'HelmChart.helm.cattle.io': helmChart,
  'HelmChartConfig.helm.cattle.io': helmChart,
  'CustomResourceDefinition.apiextensions.k8s.io': definition,
};

/** Why an object does not move along; undefined when it does. Owners are judged elsewhere. */
export const leftOutBecause = (object: KubeObject, context: LeaveOutContext): string | undefined =>
  everywhere(object, context) ?? byKind[kindName(idOf(object))]?.(object, context);
