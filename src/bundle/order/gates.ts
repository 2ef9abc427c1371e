import { mapOf } from '../clean/draft.js';
import type { CarriedObject } from '../model/carried-object.js';
import type { Gate } from '../model/gate.js';
import { groupOf, idText, kindName } from '../model/object-id.js';
import type { BackEnds } from './back-ends.js';
import { definitionsOf } from './edges.js';

/** A gate, and the carried object that opens it. */
export interface Needed {
  readonly gate: Gate;
  readonly by: string;
}

type WorkloadKind = Extract<Gate, { kind: 'workload' }>['workload'];

const isWorkload = (kind: string): kind is WorkloadKind => /^(Deployment|StatefulSet|DaemonSet)$/.test(kind);

/** Tells for any object what must be true before it is written, beyond that others were written. */
export const gatesFor = (
  objects: readonly CarriedObject[],
  backEnds: BackEnds,
): ((carried: CarriedObject) => readonly Needed[]) => {
  const byKey = new Map(objects.map((each) => [each.key, each]));
  const definitions = definitionsOf(objects);
  const aggregated = new Map(
    objects
      .filter(({ object }) => object.kind === 'APIService')
      .map(({ key, object }) => [String(mapOf(object['spec'])['group']), key]),
  );
  const serviceGates = (caller: CarriedObject): readonly Needed[] =>
    caller.references
      .filter(({ to }) => to.kind === 'Service' && to.group === '')
      .map(({ to }) => ({ to, key: idText(to) }))
      .filter(({ key }) => backEnds.answering.has(key))
      .map(({ to, key }) => ({
        gate: { kind: 'service', namespace: to.namespace ?? '', name: to.name },
        by: key,
      }));
  const workloadGates = (group: string): readonly Needed[] =>
    (backEnds.controllersOf.get(group) ?? []).flatMap((key): readonly Needed[] => {
      const object = byKey.get(key)?.object;
      if (object === undefined || !isWorkload(object.kind)) return [];
      const { name, namespace = '' } = object.metadata;
      return [{ gate: { kind: 'workload', workload: object.kind, namespace, name }, by: key }];
    });
  const ofCustom = ({ object }: CarriedObject): readonly Needed[] => {
    const group = groupOf(object.apiVersion);
    const api = aggregated.get(group);
    const apiGate: readonly Needed[] =
      api === undefined
        ? []
        : [{ gate: { kind: 'api-service', name: byKey.get(api)?.object.metadata.name ?? '' }, by: api }];
    const key = definitions.get(kindName({ group, kind: object.kind }));
    const definition = key === undefined ? undefined : byKey.get(key);
    if (definition === undefined) return apiGate;
    const crd: Needed = { gate: { kind: 'crd', name: definition.object.metadata.name }, by: definition.key };
    return [...apiGate, crd, ...workloadGates(group), ...serviceGates(definition)];
  };
  const calls = new Set(['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration', 'APIService']);
  return (carried) => {
    const { namespace } = carried.object.metadata;
    const own = `Namespace/${namespace ?? ''}`;
    return [
      ...(byKey.has(own) && namespace !== undefined
        ? [{ gate: { kind: 'namespace', name: namespace } as const, by: own }]
        : []),
      ...(calls.has(carried.object.kind) ? serviceGates(carried) : []),
      ...ofCustom(carried),
    ];
  };
};
