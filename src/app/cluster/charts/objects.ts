import { parseAllDocuments } from 'yaml';
import { isMap, listOf, mapOf } from '../../../bundle/clean/draft.js';
import { idOf, idText, kindName } from '../../../bundle/model/object-id.js';
import { rankOf, stageOf } from '../../../bundle/order/stages.js';
import type { KubeObject } from '../../../core/ports/kube.js';

const HOOK = 'helm.sh/hook';
/** Definitions are a hook to charts of the second version of Helm. */
const BEFORE = /^(crd-install|pre-install|pre-upgrade)$/;
const AFTER = /^(post-install|post-upgrade)$/;

const CLUSTER_WIDE = new Set([
  'Namespace',
  'PersistentVolume',
  'Node',
  'CustomResourceDefinition.apiextensions.k8s.io',
  'APIService.apiregistration.k8s.io',
  'ClusterRole.rbac.authorization.k8s.io',
  'ClusterRoleBinding.rbac.authorization.k8s.io',
  'PriorityClass.scheduling.k8s.io',
  'StorageClass.storage.k8s.io',
  'CSIDriver.storage.k8s.io',
  'RuntimeClass.node.k8s.io',
  'IngressClass.networking.k8s.io',
  'GatewayClass.gateway.networking.k8s.io',
  'ClusterIssuer.cert-manager.io',
  'MutatingWebhookConfiguration.admissionregistration.k8s.io',
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io',
  'ValidatingAdmissionPolicy.admissionregistration.k8s.io',
  'ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io',
  'FlowSchema.flowcontrol.apiserver.k8s.io',
  'PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io',
]);

/** Kinds of the whole cluster that the chart itself defines. */
const definedWide = (objects: readonly KubeObject[]): ReadonlySet<string> =>
  new Set(
    objects
      .filter(({ kind }) => kind === 'CustomResourceDefinition')
      .map((definition) => mapOf(definition['spec']))
      .filter(({ scope }) => scope === 'Cluster')
      .map(({ group, names }) => kindName({ group: String(group), kind: String(mapOf(names)['kind']) })),
  );

const hooksOf = ({ metadata }: KubeObject): readonly string[] =>
  (metadata.annotations?.[HOOK] ?? '')
    .split(',')
    .map((hook) => hook.trim())
    .filter((hook) => hook !== '');

/** -1 = before the rest, 1 = behind it, 0 = no hook; undefined = a hook of tests, of deleting or of going back. */
const placeOf = (object: KubeObject): -1 | 0 | 1 | undefined => {
  const hooks = hooksOf(object);
  if (hooks.length === 0) return 0;
  if (hooks.some((hook) => BEFORE.test(hook))) return -1;
  return hooks.some((hook) => AFTER.test(hook)) ? 1 : undefined;
};

const isObject = (value: unknown): value is KubeObject =>
  isMap(value) && typeof value['kind'] === 'string' && typeof mapOf(value['metadata'])['name'] === 'string';

const itemsOf = (value: unknown): readonly unknown[] =>
  isMap(value) && value['kind'] === 'List' ? listOf(value['items']) : [value];

/** Hooks run by their weight; definitions and namespaces come before everything. */
const rank = (object: KubeObject): readonly number[] => {
  const stage = stageOf(object);
  const first = stage === 'definitions' || stage === 'namespaces';
  const weight = Number(object.metadata.annotations?.['helm.sh/hook-weight'] ?? 0);
  return [first ? -2 : (placeOf(object) ?? 0), hooksOf(object).length > 0 ? weight : 0, rankOf(stage)];
};

const byRank = (a: KubeObject, b: KubeObject): number => {
  const [left, right] = [rank(a), rank(b)];
  const at = left.findIndex((value, index) => value !== right[index]);
  return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
};

/** A Job that removes itself would be made anew by every plan. */
const kept = (object: KubeObject): KubeObject => {
  if (kindName(idOf(object)) !== 'Job.batch') return object;
  const { ttlSecondsAfterFinished: _, ...spec } = mapOf(object['spec']);
  return { ...object, spec };
};

/**
 * Objects in what `helm template` printed: definitions first, then by hooks and kinds; tests and hooks of deleting are
 * left out. Objects without a namespace get that of the release, as Helm does when it installs.
 */
export const chartObjects = (text: string, namespace: string): readonly KubeObject[] => {
  // Kubernetes reads YAML 1.1: `yes` and `on` are booleans.
  const documents = parseAllDocuments(text, { version: '1.1', maxAliasCount: 1000 } as object);
  const found = [...documents]
    .flatMap((document) => itemsOf(document.toJS()))
    .filter(isObject)
    .filter((object) => placeOf(object) !== undefined);
  const wide = new Set([...CLUSTER_WIDE, ...definedWide(found)]);
  const placed = found.map((object) =>
    object.metadata.namespace !== undefined || wide.has(kindName(idOf(object)))
      ? object
      : { ...object, metadata: { ...object.metadata, namespace } },
  );
  const once = new Map(placed.map(kept).map((object) => [idText(idOf(object)), object]));
  return [...once.values()].sort(byRank);
};
