import type { DroverError } from '../../core/error.js';
import { mapAtOnce } from '../../core/map-at-once.js';
import type { KubeFailure } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import type { Carried } from '../carry/carry.js';
import { type ClusterIdentity, kubeError } from '../identity.js';
import type { CarriedObject } from '../model/carried-object.js';
import { groupOf, kindName } from '../model/object-id.js';
import { definitionsOf } from '../order/edges.js';
import { checkTarget } from './checks/all.js';
import { type Asking, askElsewhere, askExisting, askNew, type Judged } from './dry-run.js';
import type { Assessment, TargetAccess, TargetView, Treatment } from './model.js';
import { definedKinds, refAmong } from './refs.js';
import { refusalFinding } from './refusals.js';
import { schemaProblems } from './structural-schema.js';

export interface AssessInput {
  readonly access: TargetAccess;
  readonly treatment: Treatment;
  readonly carried: Carried;
  readonly source: Pick<ClusterIdentity, 'version'>;
  readonly view: TargetView;
  readonly progress: (done: number, of: number) => void;
}

/** An object whose kind comes along: only its definition can be asked. */
const byDefinition = (
  carried: CarriedObject,
  coming: ReturnType<typeof definedKinds>,
  definition: CarriedObject | undefined,
): Judged => {
  const { key, object } = carried;
  const ref = refAmong(coming, object);
  if (ref === undefined || definition === undefined)
    return { assessed: { key, verdict: 'refused', changed: [] }, findings: [] };
  const causes = schemaProblems(object, definition.object);
  const failure: KubeFailure = { kind: 'invalid', message: 'it does not fit its definition', causes };
  return {
    assessed: { key, ref, verdict: 'later', changed: [] },
    findings: causes.length === 0 ? [] : [refusalFinding(key, failure)],
  };
};

/** Judges single objects: by a dry run where the target can be asked, by their definition otherwise. */
const judge = ({ access, treatment, carried, view }: AssessInput) => {
  const asking: Asking = { access, treatment };
  const coming = definedKinds(carried.objects);
  const definitions = definitionsOf(carried.objects);
  const byKey = new Map(carried.objects.map((each) => [each.key, each]));
  return async (each: CarriedObject): Promise<Result<Judged, KubeFailure>> => {
    const ref = refAmong(view.kinds, each.object);
    const kind = kindName({ group: groupOf(each.object.apiVersion), kind: each.object.kind });
    if (ref === undefined) return ok(byDefinition(each, coming, byKey.get(definitions.get(kind) ?? '')));
    const live = view.live.get(each.key);
    const question = { carried: each, ref, live };
    if (live !== undefined) return askExisting(asking, { ...question, live });
    const isHomeless = ref.namespace !== undefined && !view.live.has(`Namespace/${ref.namespace}`);
    if (!isHomeless) return askNew(asking, question);
    const hasHome = byKey.has(`Namespace/${ref.namespace ?? ''}`);
    const answer = await askElsewhere(asking, question);
    return answer.ok && !hasHome
      ? ok({ ...answer.value, assessed: { ...answer.value.assessed, verdict: 'refused' } })
      : answer;
  };
};

const asked = (failure: KubeFailure, key: string): DroverError => ({
  ...kubeError('target-api', `the target cannot be asked about ${key}`, failure),
  hint: 'once the API answers again: the same command',
});

/**
 * Asks the target about everything that is carried: each object as a dry run with strict validation, many at a time,
 * beside what kinds, names and figures tell. Nothing is written.
 */
export const assessTarget = async (input: AssessInput): Promise<Result<Assessment, DroverError>> => {
  const { carried, access, view, source, treatment, progress } = input;
  const answer = judge(input);
  let done = 0;
  let failed: DroverError | undefined;
  const judgements = await mapAtOnce(
    carried.objects,
    access.concurrency,
    async (each): Promise<Judged | undefined> => {
      if (failed !== undefined) return undefined;
      const result = await answer(each);
      done += 1;
      progress(done, carried.objects.length);
      if (result.ok) return result.value;
      failed ??= asked(result.error, each.key);
      return undefined;
    },
  );
  if (failed !== undefined) return err(failed);
  const known = judgements.filter((each) => each !== undefined);
  const checked = checkTarget({ carried, source, target: view, existing: treatment.existing });
  const single = untold(
    known.flatMap(({ findings }) => findings),
    checked,
  );
  const findings = [...carried.findings, ...checked, ...single];
  return ok({ objects: known.map(({ assessed }) => assessed), findings, view });
};

/** What a check has told about an object is not told again by its dry run. */
const untold = (findings: Assessment['findings'], told: Assessment['findings']): Assessment['findings'] => {
  const known = new Set(told.map(({ code, object }) => `${code} ${object ?? ''}`));
  return findings.filter(({ code, object }) => !known.has(`${code} ${object ?? ''}`));
};
