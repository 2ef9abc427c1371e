import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../core/ports/kube.js';
import type { Transform } from '../../spec/schema/transforms.js';
import { isMap, type Loose, listOf, mapOf } from '../clean/draft.js';
import { podSpecOf } from '../references/pod-template.js';
import { withoutValue, withValue } from './edit.js';
import { type Change, isSelected, unchanged } from './model.js';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

/** A term without expressions matches no node at all, so a term that lost all of its own goes as a whole. */
const trimTerm = (term: Loose, remove: readonly string[]): Loose | undefined => {
  const expressions = listOf(term['matchExpressions']);
  const kept = expressions.filter((each) => !remove.includes(String(mapOf(each)['key'])));
  if (kept.length === expressions.length) return term;
  const { matchExpressions: _, ...rest } = term;
  if (kept.length > 0) return { ...rest, matchExpressions: kept };
  return listOf(rest['matchFields']).length > 0 ? rest : undefined;
};

const trimAffinity = (affinity: Loose, remove: readonly string[]): Loose | undefined => {
  const terms = listOf(mapOf(affinity[REQUIRED])['nodeSelectorTerms']).map((term) =>
    trimTerm(mapOf(term), remove),
  );
  const kept = terms.filter((term) => term !== undefined);
  const preferred = listOf(affinity[PREFERRED]).flatMap((each) => {
    const preference = trimTerm(mapOf(mapOf(each)['preference']), remove);
    return preference === undefined ? [] : [{ ...mapOf(each), preference }];
  });
  // One alternative that any node fulfils makes the whole requirement void.
  const required =
    terms.length > 0 && kept.length === terms.length
      ? { [REQUIRED]: { ...mapOf(affinity[REQUIRED]), nodeSelectorTerms: kept } }
      : {};
  const result = { ...required, ...(preferred.length > 0 ? { [PREFERRED]: preferred } : {}) };
  return Object.keys(result).length === 0 ? undefined : result;
};

/** Takes labels of the old nodes out of selectors and affinities, and sets those of the new ones. */
export const nodeSelector: Change<Extract<Transform, { change: 'node-selector' }>> = (
  object,
  { remove, set, only },
) => {
  const pod = podSpecOf(object);
  if (pod === undefined || !isSelected(object, only)) return unchanged(object);
  const before = mapOf(pod.spec['nodeSelector']);
  const labels = {
    ...Object.fromEntries(Object.entries(before).filter(([key]) => !remove.includes(key))),
    ...set,
  };
  const at = [...pod.path, 'nodeSelector'];
  let result: unknown = isDeepStrictEqual(labels, before)
    ? object
    : Object.keys(labels).length === 0
      ? withoutValue(object, at)
      : withValue(object, at, labels);
  const affinity = mapOf(pod.spec['affinity'])['nodeAffinity'];
  if (isMap(affinity)) {
    const trimmed = trimAffinity(affinity, remove);
    const path = [...pod.path, 'affinity', 'nodeAffinity'];
    if (!isDeepStrictEqual(trimmed, affinity))
      result = trimmed === undefined ? withoutValue(result, path) : withValue(result, path, trimmed);
  }
  return { object: result as KubeObject, findings: [] };
};
