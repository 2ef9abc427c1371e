import { provenanceOf } from '../../bundle/clean/provenance.js';
import { isLeftOutKind } from '../../bundle/leave-out/kinds.js';
import { ownersOf } from '../../bundle/leave-out/owners.js';
import { leftOutBecause } from '../../bundle/leave-out/rules.js';
import { idOf, idText, kindName } from '../../bundle/model/object-id.js';
import type { Kube, KubeObject, KubeResource } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';
import { isCreatedBy } from './managers.js';

/** Nobody lists thousands of names: some are enough to stop. */
const ENOUGH = 20;

interface Place {
  readonly kube: Pick<Kube, 'list' | 'discover'>;
  readonly run: string;
  /** UIDs of objects that the run made, by its journal. */
  readonly made?: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

/** Something that a person or a tool put there, and that is not on its way out. */
const isStranger = (object: KubeObject, { run, made }: Place): boolean =>
  object.metadata['deletionTimestamp'] === undefined &&
  ownersOf(object).length === 0 &&
  // An object without any content of its own has no managers that would tell.
  made?.has(object.metadata.uid ?? '') !== true &&
  !isCreatedBy(object, run) &&
  leftOutBecause(object, { provenance: provenanceOf(object), targetIsK3s: false }) === undefined;

const strangersOf = async (
  place: Place,
  resource: KubeResource,
  namespace: string | undefined,
): Promise<Result<readonly string[], StepFailure>> => {
  const { kube, signal } = place;
  const found: string[] = [];
  const options = { signal, pageSize: 100, ...(namespace === undefined ? {} : { namespace }) };
  for await (const page of kube.list(resource, options)) {
    if (!page.ok && ['not-found', 'forbidden'].includes(page.error.kind)) break;
    if (!page.ok) return err(failureOfKube(page.error, `cannot list ${resource.plural}`));
    const { apiVersion, kind } = { apiVersion: versionOf(resource), kind: resource.kind };
    for (const item of page.value.items) {
      // Items of a list do not always say what they are.
      const object = { ...item, apiVersion, kind };
      if (isStranger(object, place)) found.push(idText(idOf(object)));
    }
    if (found.length >= ENOUGH) break;
  }
  return ok(found);
};

const versionOf = ({ group, version }: KubeResource): string =>
  group === '' ? version : `${group}/${version}`;

/** Each kind once, in the version that the server prefers. */
const listable = (kinds: readonly KubeResource[]): readonly KubeResource[] =>
  kinds.filter(
    ({ preferred, verbs, group, kind }) =>
      preferred &&
      verbs.includes('list') &&
      verbs.includes('delete') &&
      !isLeftOutKind(kindName({ group, kind })),
  );

/**
 * Objects that would go with a namespace or a definition although the run did not make them. Deleting either takes
 * along everything in it.
 */
export const strangersWith = async (
  place: Place,
  object: KubeObject,
): Promise<Result<readonly string[], StepFailure>> => {
  const isNamespace = object.kind === 'Namespace' && object.apiVersion === 'v1';
  const isDefinition = object.kind === 'CustomResourceDefinition';
  if (!isNamespace && !isDefinition) return ok([]);
  const kinds = await place.kube.discover({ signal: place.signal });
  if (!kinds.ok) return err(failureOfKube(kinds.error, 'the kinds of the cluster cannot be read'));
  const { name } = object.metadata;
  const within = listable(kinds.value).filter(({ group, plural, namespaced }) =>
    isNamespace ? namespaced : `${plural}.${group}` === name,
  );
  const all: string[] = [];
  for (const resource of within) {
    const found = await strangersOf(place, resource, isNamespace ? name : undefined);
    if (!found.ok) return found;
    all.push(...found.value);
    if (all.length >= ENOUGH) break;
  }
  return ok(all);
};
