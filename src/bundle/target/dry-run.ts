import type { KubeFailure, KubeObject, KubeRef } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import { sentence } from '../../core/text.js';
import { isController } from '../clean/managers.js';
import type { CarriedObject } from '../model/carried-object.js';
import type { BundleFinding } from '../model/report.js';
import { changedFields } from './compare.js';
import type { Assessed, TargetAccess, Treatment } from './model.js';
import { concernsAll, refusalFinding, refusesDryRuns } from './refusals.js';

export interface Judged {
  readonly assessed: Assessed;
  readonly findings: readonly BundleFinding[];
}

export interface Question {
  readonly carried: CarriedObject;
  readonly ref: KubeRef;
  /** The object of this name that is there already. */
  readonly live: KubeObject | undefined;
}

export interface Asking {
  readonly access: TargetAccess;
  readonly treatment: Treatment;
}

type Answer = Promise<Result<Judged, KubeFailure>>;

const MANAGER = 'drover';
/** Exists in every cluster, so that an object can be checked whose own namespace does not exist yet. */
const STAND_IN = 'default';

/** Owners have other UIDs on the target; they are linked when they are there. */
const withoutOwners = (object: KubeObject): KubeObject => {
  const { ownerReferences: _, ...metadata } = object.metadata;
  return { ...object, metadata };
};

const judged = (
  { carried, ref }: Question,
  verdict: Assessed['verdict'],
  more: { readonly changed?: readonly string[]; readonly findings?: readonly BundleFinding[] } = {},
): Judged => ({
  assessed: { key: carried.key, ref, verdict, changed: more.changed ?? [] },
  findings: more.findings ?? [],
});

const refused = (
  question: Question,
  verdict: Assessed['verdict'],
  failure: KubeFailure,
): Result<Judged, KubeFailure> => {
  if (concernsAll(failure)) return err(failure);
  if (refusesDryRuns(failure)) return ok(judged(question, 'later'));
  return ok(judged(question, verdict, { findings: [refusalFinding(question.carried.key, failure)] }));
};

const create = ({ access, treatment }: Asking, { carried, ref }: Question, namespace: string | undefined) => {
  const sent = withoutOwners(treatment.prepare(carried.object));
  const placed = namespace === undefined ? sent : { ...sent, metadata: { ...sent.metadata, namespace } };
  return access.persist(() =>
    access.kube.create(
      { resource: ref.resource, ...(namespace === undefined ? {} : { namespace }) },
      placed,
      {
        dryRun: true,
        fieldManager: MANAGER,
        fieldValidation: 'Strict',
        signal: access.signal,
      },
    ),
  );
};

/** An object that is not there: what would the API say to it? A refusal is told; the restore asks again. */
export const askNew = async (asking: Asking, question: Question): Answer => {
  const answer = await create(asking, question, question.ref.namespace);
  if (answer.ok || answer.error.kind === 'already-exists') return ok(judged(question, 'create'));
  return refused(question, 'later', answer.error);
};

/**
 * An object whose namespace is not there yet: asked of the API in another one, by the same strict validation. What
 * depends on the namespace (quotas, accounts, webhooks) says nothing here; the write itself is refused by that, and
 * leaves nothing behind (ADR 0006). What the stand-in cannot answer is asked again just before it is written.
 */
export const askElsewhere = async (asking: Asking, question: Question): Answer => {
  const answer = await create(asking, question, STAND_IN);
  if (answer.ok) return ok(judged(question, 'create'));
  const { kind, message } = answer.error;
  if (concernsAll(answer.error)) return err(answer.error);
  const isOfKind = kind === 'invalid' && !message.includes('admission webhook');
  return isOfKind ? refused(question, 'later', answer.error) : ok(judged(question, 'later'));
};

const apply = ({ access, treatment }: Asking, { carried, ref }: Question, force: boolean) =>
  access.persist(() =>
    access.kube.apply(ref, withoutOwners(treatment.prepare(carried.object)), {
      dryRun: true,
      fieldManager: MANAGER,
      fieldValidation: 'Strict',
      force,
      signal: access.signal,
    }),
  );

/** Whom the fields belong to that would change: people and tools other than Drover, by what the API says. */
export const conflictingManagers = ({ causes, message }: KubeFailure): readonly string[] => {
  const texts = [message, ...causes.map((cause) => cause.message)].join('\n');
  const managers = Array.from(texts.matchAll(/conflict with "([^"]+)"/g), ([, manager = '']) => manager);
  return [...new Set(managers)].filter((manager) => !isController(manager) && !/^drover(-|$)/.test(manager));
};

/** Who owns what would change, from a dry run that takes nothing over. */
const ownersOf = async (asking: Asking, question: Question): Promise<readonly string[]> => {
  const answer = await apply(asking, question, false);
  return answer.ok || answer.error.kind !== 'conflict' ? [] : conflictingManagers(answer.error);
};

const taken = (key: string, changed: readonly string[], owners: readonly string[]): BundleFinding => ({
  code: 'target-name-taken',
  severity: 'error',
  object: key,
  message: `it is there already and belongs to ${sentence(owners)}; ${sentence(changed)} would be changed`,
  hint: 'rename one of the two, map the namespace, or let the target keep its own: spec.restore.existing: skip',
});

const there = (key: string, changed: readonly string[]): BundleFinding => ({
  code: 'target-exists',
  severity: 'error',
  object: key,
  message: `it is there already and differs in ${sentence(changed)}`,
  hint: 'say what shall happen: spec.restore.existing: skip keeps the target’s, update takes the bundle’s',
});

/** An object that is there: equal, changed, kept, or somebody else's. */
export const askExisting = async (
  asking: Asking,
  question: Question & { readonly live: KubeObject },
): Answer => {
  const { live, carried } = question;
  const { treatment } = asking;
  const mode = treatment.isComputed(live) ? 'update' : treatment.existing;
  if (mode === 'skip') return ok(judged(question, 'keep'));
  const answer = await apply(asking, question, true);
  if (!answer.ok) return refused(question, 'later', answer.error);
  const changed = changedFields(live, answer.value);
  if (changed.length === 0) return ok(judged(question, 'keep'));
  if (mode === 'fail')
    return ok(judged(question, 'keep', { changed, findings: [there(carried.key, changed)] }));
  const owners = treatment.isComputed(live) ? [] : await ownersOf(asking, question);
  const findings = owners.length === 0 ? [] : [taken(carried.key, changed, owners)];
  return ok(judged(question, 'update', { changed, findings }));
};
