import type { KubeObject } from '../../core/ports/kube.js';
import { listOf, mapOf } from '../clean/draft.js';
import type { CarriedObject } from '../model/carried-object.js';
import { groupOf, idText, kindName } from '../model/object-id.js';

/** What of the carried objects works for the API itself: back ends of webhooks, aggregated APIs, operators. */
export interface BackEnds {
  /** Keys of workloads that others wait for. */
  readonly operators: ReadonlySet<string>;
  /** Keys of workloads that look after the kinds of a group. */
  readonly controllersOf: ReadonlyMap<string, readonly string[]>;
  /** Keys of Services that get ready endpoints once the target runs what is carried. */
  readonly answering: ReadonlySet<string>;
}

const WORKLOADS = new Set(['Deployment.apps', 'StatefulSet.apps', 'DaemonSet.apps']);
const CALLERS =
  /^(Validating|Mutating)WebhookConfiguration\.admissionregistration|^APIService\.apiregistration|^CustomResourceDefinition\.apiextensions/;

const nameOf = ({ object }: CarriedObject): string =>
  kindName({ group: groupOf(object.apiVersion), kind: object.kind });

const templateOf = (object: KubeObject): Readonly<Record<string, unknown>> =>
  mapOf(mapOf(object['spec'])['template']);

const isServing = (service: KubeObject, workload: KubeObject): boolean => {
  const selector = Object.entries(mapOf(mapOf(service['spec'])['selector']));
  const labels = mapOf(mapOf(templateOf(workload)['metadata'])['labels']);
  return (
    service.metadata.namespace === workload.metadata.namespace &&
    selector.length > 0 &&
    selector.every(([key, value]) => labels[key] === value)
  );
};

/** A controller writes the status or the finalizers of what it looks after; mere readers and editors do not. */
const groupsControlledBy = (role: KubeObject): readonly string[] =>
  listOf(role['rules'])
    .map(mapOf)
    .filter(
      ({ resources, verbs }) =>
        listOf(resources).some((each) => /^\*$|\/(status|finalizers)$/.test(String(each))) &&
        listOf(verbs).some((verb) => ['*', 'update', 'patch'].includes(String(verb))),
    )
    .flatMap(({ apiGroups }) => listOf(apiGroups).map(String));

/** Groups by the account that controls them: `namespace/name`. */
const controlledBy = (objects: readonly CarriedObject[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const byKey = new Map(objects.map((each) => [each.key, each]));
  const result = new Map<string, Set<string>>();
  for (const { object, references } of objects) {
    if (!/^(Cluster)?RoleBinding$/.test(object.kind)) continue;
    const role = references.find(({ path }) => path === 'roleRef');
    const found = role === undefined ? undefined : byKey.get(idText(role.to));
    const groups = found === undefined ? [] : groupsControlledBy(found.object);
    for (const { to, path } of references) {
      if (!path.startsWith('subjects')) continue;
      const account = `${to.namespace ?? ''}/${to.name}`;
      result.set(account, new Set([...(result.get(account) ?? []), ...groups]));
    }
  }
  return result;
};

const accountOf = ({ metadata, ...rest }: KubeObject): string => {
  const { serviceAccountName = 'default' } = mapOf(templateOf({ metadata, ...rest })['spec']);
  return `${metadata.namespace ?? ''}/${String(serviceAccountName)}`;
};

const runs = ({ object }: CarriedObject): boolean => mapOf(object['spec'])['replicas'] !== 0;

/** Finds the workloads that the API or other objects need before they can go on. Pure. */
export const backEndsOf = (objects: readonly CarriedObject[]): BackEnds => {
  const workloads = objects.filter((each) => WORKLOADS.has(nameOf(each)));
  const services = objects.filter((each) => nameOf(each) === 'Service');
  const definitions = objects.filter((each) => nameOf(each).startsWith('CustomResourceDefinition.'));
  const groups = new Set(definitions.map(({ object }) => String(mapOf(object['spec'])['group'])));
  const called = new Set(
    objects
      .filter((each) => CALLERS.test(nameOf(each)))
      .flatMap(({ references }) => references.map(({ to }) => idText(to))),
  );
  const operators = new Set<string>();
  const answering = new Set<string>();
  for (const service of services) {
    const { selector, type } = mapOf(service.object['spec']);
    if (selector === undefined && type !== 'ExternalName') answering.add(service.key);
    for (const workload of workloads.filter((each) => isServing(service.object, each.object))) {
      if (runs(workload)) answering.add(service.key);
      if (called.has(service.key)) operators.add(workload.key);
    }
  }
  const accounts = controlledBy(objects);
  const controllersOf = new Map<string, string[]>();
  for (const workload of workloads) {
    const own = [...(accounts.get(accountOf(workload.object)) ?? [])].filter((group) => groups.has(group));
    for (const group of own) controllersOf.set(group, [...(controllersOf.get(group) ?? []), workload.key]);
    if (own.length > 0) operators.add(workload.key);
  }
  return { operators, controllersOf, answering };
};
