import { isMap, listOf, mapOf } from '../../bundle/clean/draft.js';
import { idOf, idText, kindName } from '../../bundle/model/object-id.js';
import type { KubeObject } from '../../core/ports/kube.js';
import type { Judge } from '../objects/gates/await-objects.js';

type Members = Readonly<Record<string, unknown>>;

const statusOf = (object: KubeObject): Members => mapOf(object['status']);
const specOf = (object: KubeObject): Members => mapOf(object['spec']);
const figure = (of: Members, member: string, fallback = 0): number => {
  const value = of[member];
  return typeof value === 'number' ? value : fallback;
};

/** The controller must have seen the present specification, or its figures are those of an earlier one. */
const isUnseen = (object: KubeObject): boolean =>
  figure(statusOf(object), 'observedGeneration') < figure(mapOf(object.metadata), 'generation', 1);

/** `updated` = made from the present template. */
const rolledOut =
  (
    count: (object: KubeObject) => {
      readonly updated: number;
      readonly ready: number;
      readonly wanted: number;
    },
  ): Judge =>
  (object) => {
    if (object === undefined) return 'it is not there';
    if (isUnseen(object)) return 'its controller has not seen it yet';
    const { updated, ready, wanted } = count(object);
    if (updated < wanted) return `${updated} of ${wanted} pods are new`;
    return ready < wanted ? `${ready} of ${wanted} pods are ready` : undefined;
  };

const conditionOf = (object: KubeObject, type: string): Members | undefined =>
  listOf(statusOf(object)['conditions'])
    .filter(isMap)
    .find((each) => each['type'] === type && each['status'] === 'True');

const jobDone: Judge = (object) => {
  if (object === undefined) return 'it is not there';
  if (specOf(object)['suspend'] === true || conditionOf(object, 'Complete') !== undefined) return undefined;
  const failed = conditionOf(object, 'Failed');
  return failed === undefined
    ? `${figure(statusOf(object), 'succeeded')} of ${figure(specOf(object), 'completions', 1)} pods have succeeded`
    : `it failed: ${typeof failed['message'] === 'string' ? failed['message'] : 'without a reason'}`;
};

/** A Deployment that was rolled out has no pods of an older template left either. */
const deployment: Judge = (object) => {
  const missing = rolledOut((seen) => ({
    updated: figure(statusOf(seen), 'updatedReplicas'),
    ready: figure(statusOf(seen), 'availableReplicas'),
    wanted: figure(specOf(seen), 'replicas', 1),
  }))(object);
  if (missing !== undefined || object === undefined) return missing;
  const old = figure(statusOf(object), 'replicas') - figure(statusOf(object), 'updatedReplicas');
  return old > 0 ? `${old} pods of its former template are left` : undefined;
};

const statefulSet: Judge = (object) => {
  const partition = figure(
    mapOf(mapOf(specOf(object ?? NOTHING)['updateStrategy'])['rollingUpdate']),
    'partition',
  );
  return rolledOut((seen) => {
    const wanted = figure(specOf(seen), 'replicas', 1);
    const same = statusOf(seen)['currentRevision'] === statusOf(seen)['updateRevision'];
    return {
      updated: same || partition > 0 ? wanted : figure(statusOf(seen), 'updatedReplicas'),
      ready: figure(statusOf(seen), 'readyReplicas'),
      wanted,
    };
  })(object);
};
const NOTHING: KubeObject = { apiVersion: '', kind: '', metadata: { name: '' } };

/** Kinds whose objects are ready or not, by {@link kindName}: what they say when they are not. */
const JUDGES: Readonly<Record<string, Judge>> = {
  'Deployment.apps': deployment,
  'StatefulSet.apps': statefulSet,
  'DaemonSet.apps': rolledOut((seen) => {
    const wanted = figure(statusOf(seen), 'desiredNumberScheduled');
    const onDelete = mapOf(specOf(seen)['updateStrategy'])['type'] === 'OnDelete';
    return {
      updated: onDelete ? wanted : figure(statusOf(seen), 'updatedNumberScheduled'),
      ready: figure(statusOf(seen), 'numberAvailable'),
      wanted,
    };
  }),
  'Job.batch': jobDone,
};

/** Undefined = objects of this kind are never waited for. */
export const readyJudge = (object: KubeObject): Judge | undefined => JUDGES[kindName(idOf(object))];

/** A Job that gave up never becomes ready, however long one waits. */
export const hasFailed = (object: KubeObject): boolean =>
  object.kind === 'Job' && conditionOf(object, 'Failed') !== undefined;

/** Why an object that is there is not ready, as a sentence; undefined = it is, or nobody waits for its kind. */
export const unreadyText = (live: KubeObject): string | undefined => {
  const missing = readyJudge(live)?.(live);
  return missing === undefined ? undefined : `${idText(idOf(live))}: ${missing}`;
};
