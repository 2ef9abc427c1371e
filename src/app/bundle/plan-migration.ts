import { createHmac } from 'node:crypto';
import type { Carried } from '../../bundle/carry/carry.js';
import type { ClusterIdentity } from '../../bundle/identity.js';
import { missingRequired } from '../../bundle/inputs/secrets.js';
import type { Bundle } from '../../bundle/store/read.js';
import { assessTarget } from '../../bundle/target/assess.js';
import type { Assessment, TargetAccess } from '../../bundle/target/model.js';
import { surveyTarget } from '../../bundle/target/survey.js';
import { canonicalJson, digest } from '../../core/canonical.js';
import type { DroverError, DroverErrors } from '../../core/error.js';
import type { KubeFailureKind, KubeResult } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import { count, sentence } from '../../core/text.js';
import { migrationPlan } from '../../plan/migration.js';
import type { CarriedPlan, Plan } from '../../plan/model.js';
import type { Migration } from '../../spec/migration.js';
import { isComputed } from '../../steps/objects/managers.js';
import { persist } from '../../steps/objects/persist.js';
import { prepared } from '../../steps/objects/prepare.js';
import { carryBundle } from './carry-bundle.js';
import { type Reached, reach } from './export.js';
import { openSource } from './open-source.js';
import { reliedOnTarget } from './relied-target.js';
import type { BundleTools } from './tools.js';

export interface MigrationPlanRequest {
  readonly migration: Migration;
  readonly realm: string;
  /** Where a source that is read live is kept, sealed. */
  readonly liveFolder: string;
  /** Codes of findings in spite of which a plan is made. */
  readonly ignore: readonly string[];
  /** Plan what gives back what an earlier restore held back, and nothing else. */
  readonly putBack?: boolean;
}

export interface MadeMigrationPlan {
  readonly plan: Plan;
  readonly bundle: Bundle;
  /** Secrets opened: in memory only. */
  readonly carried: Carried;
}

/** Worth asking again; anything else is an answer about the object. */
const BUSY: ReadonlySet<KubeFailureKind> = new Set(['too-many-requests', 'unavailable', 'timed-out']);

const politely =
  ({ clock, signal }: BundleTools): TargetAccess['persist'] =>
  async <T>(request: () => KubeResult<T>) => {
    const answered = await persist({ clock, signal }, async () => {
      const result = await request();
      return result.ok || !BUSY.has(result.error.kind) ? ok(result) : err(result.error);
    });
    return answered.ok ? answered.value : answered;
  };

const assess = async (
  { migration, putBack }: MigrationPlanRequest,
  { kube, identity }: Reached,
  { carried, bundle }: Omit<MadeMigrationPlan, 'plan'>,
  tools: BundleTools,
): Promise<Result<Assessment, DroverError>> => {
  const { restore } = migration.spec;
  const { signal, clock, emit } = tools;
  const { registry } = tools;
  const access = { kube, signal, concurrency: restore.concurrency, persist: politely(tools), registry };
  const view = await surveyTarget(access, identity, carried.objects);
  if (!view.ok) return view;
  const begun = clock.monotonic();
  const treatment = {
    // What is put back is there already, and is nothing else than it was restored.
    existing: putBack === true ? ('skip' as const) : restore.existing,
    prepare: (object: Parameters<typeof prepared>[0]) => prepared(object, restore),
    isComputed,
  };
  return assessTarget({
    access,
    treatment,
    carried,
    source: bundle.index.source,
    view: view.value,
    progress: (done, of) => {
      if (done % 100 === 0 || done === of)
        emit({
          type: 'waiting',
          what: `${done} of ${of} objects as dry runs`,
          sinceMs: clock.monotonic() - begun,
        });
    },
  });
};

/** Tells everything that was found, and refuses when an error among it is not ignored. */
const refusal = (
  { findings }: Assessment,
  ignore: readonly string[],
  { emit }: BundleTools,
): DroverError | undefined => {
  const against = findings.filter(({ severity, code }) => severity === 'error' && !ignore.includes(code));
  if (against.length === 0) return undefined;
  for (const { severity, code, object, message, hint } of findings) {
    const text = object === undefined ? message : `${object}: ${message}`;
    const error = { code, message: text, ...(hint === undefined ? {} : { hint }) };
    emit({ type: 'diagnostic', severity: ignore.includes(code) ? 'warning' : severity, error });
  }
  const codes = [...new Set(against.map(({ code }) => code))];
  return {
    code: 'migration-refused',
    message: `${count(against.length, 'error')} stand${against.length === 1 ? 's' : ''} against it, so no plan was made: ${sentence(codes)}`,
    state: 'nothing was changed',
    hint: 'mend them, or leave single ones out with --ignore CODE',
  };
};

const clusterOf = ({ context, server, version, uid }: ClusterIdentity): CarriedPlan['source'] => ({
  context,
  server,
  version,
  uid,
});

/** Secrets from outside are pinned by a code that only who reads the bundle can compute: they may be easy to guess. */
const inputsDigest = ({ objects }: Carried, { key }: Bundle): string =>
  createHmac('sha256', key)
    .update(canonicalJson(objects.filter(({ uid }) => uid === undefined).map(({ object }) => object)))
    .digest('hex');

const planOf = (
  request: MigrationPlanRequest,
  { bundle, carried }: Omit<MadeMigrationPlan, 'plan'>,
  { target, assessment }: { readonly target: Reached; readonly assessment: Assessment },
  tools: BundleTools,
): Plan => {
  const { migration, ignore, realm } = request;
  const { index } = bundle;
  const transforms = carried.transforms.map((each) => ({ ...each }));
  return migrationPlan({
    tool: tools.tool,
    realm,
    createdAt: new Date(tools.clock.now()).toISOString(),
    name: migration.name,
    specHash: migration.hash,
    relied: {
      bundle: index.digest,
      transforms: digest(transforms.map(({ transform }) => transform)),
      'secrets from outside': inputsDigest(carried, bundle),
      ...reliedOnTarget(assessment, carried),
    },
    carries: {
      bundle: index.digest,
      source: clusterOf(index.source),
      target: clusterOf(target.identity),
      transforms,
      refused: assessment.objects.filter(({ verdict }) => verdict === 'refused').map(({ key }) => key),
      findings: assessment.findings.map((finding) => ({ ...finding })),
    },
    objects: carried.objects.filter((_, index_) => assessment.objects[index_]?.verdict !== 'refused'),
    assessed: assessment.objects,
    restore: migration.spec.restore,
    ignored: [...ignore].sort(),
    ...(request.putBack === true ? { putBack: { live: assessment.view.live } } : {}),
  });
};

const planFor = async (
  request: MigrationPlanRequest,
  target: Reached,
  bundle: Bundle,
  tools: BundleTools,
): Promise<Result<MadeMigrationPlan, DroverErrors>> => {
  const carried = await carryBundle(bundle, request.migration, target, tools);
  if (!carried.ok) return carried;
  const secrets = carried.value.objects.map(({ object }) => object).filter(({ kind }) => kind === 'Secret');
  const [missing, ...more] = missingRequired(request.migration.spec.secrets, secrets);
  if (missing !== undefined) return err([missing, ...more]);
  const made = { bundle, carried: carried.value };
  const assessment = await assess(request, target, made, tools);
  if (!assessment.ok) return err([assessment.error]);
  const refused = refusal(assessment.value, request.ignore, tools);
  if (refused !== undefined) return err([refused]);
  const plan = planOf(request, made, { target, assessment: assessment.value }, tools);
  return ok({ ...made, plan });
};

/** Opens the bundle, asks the target about every object, and plans when no finding stands against it. Changes nothing. */
export const planMigration = async (
  request: MigrationPlanRequest,
  tools: BundleTools,
): Promise<Result<MadeMigrationPlan, DroverErrors>> => {
  const bundle = await openSource(request.migration, request.liveFolder, tools);
  if (!bundle.ok) return bundle;
  const target = await reach(request.migration.spec.target, 'Target', tools);
  if (!target.ok) return err([target.error]);
  try {
    return await planFor(request, target.value, bundle.value, tools);
  } finally {
    target.value.kube.close();
  }
};
