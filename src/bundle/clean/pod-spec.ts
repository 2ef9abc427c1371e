import type { Path } from '../../spec/path.js';
import { type Draft, listOf, mapOf, remove } from './draft.js';

/** Volumes that the API adds to every pod for its account's token. */
const TOKEN_VOLUME = /^(kube-api-access-[a-z0-9]{5}|.*-token-[a-z0-9]{5})$/;
const TOLERATIONS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

const isDefaultToleration = (value: unknown): boolean => {
  const { key, effect, operator, tolerationSeconds } = mapOf(value);
  return (
    typeof key === 'string' &&
    TOLERATIONS.includes(key) &&
    effect === 'NoExecute' &&
    operator === 'Exists' &&
    tolerationSeconds === 300
  );
};

/** Indices of the items that a test matches, last first. */
const indices = (list: unknown, test: (item: unknown) => boolean): readonly number[] =>
  listOf(list)
    .flatMap((item, index) => (test(item) ? [index] : []))
    .reverse();

/** Takes out what the API put into a bare pod: token volumes with their mounts, and default tolerations. */
export const cleanPodSpec = (draft: Draft): void => {
  const spec = mapOf(draft.object['spec']);
  const isToken = (item: unknown): boolean => TOKEN_VOLUME.test(String(mapOf(item)['name']));
  const takeOut = (path: Path, list: unknown, test: (item: unknown) => boolean): void => {
    for (const index of indices(list, test)) remove(draft, [...path, index], { reason: 'computed' });
  };
  takeOut(['spec', 'volumes'], spec['volumes'], isToken);
  for (const group of ['containers', 'initContainers']) {
    for (const [index, container] of listOf(spec[group]).entries())
      takeOut(['spec', group, index, 'volumeMounts'], mapOf(container)['volumeMounts'], isToken);
  }
  takeOut(['spec', 'tolerations'], spec['tolerations'], isDefaultToleration);
};
