import { type Carried, carry } from '../../bundle/carry/carry.js';
import { type Bundle, openBundle } from '../../bundle/store/read.js';
import type { DroverError, DroverErrors } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import type { Migration } from '../../spec/migration.js';
import type { ClusterAccess } from '../../spec/schema/migration.js';
import { compareWithBundle } from '../../verify/bundle/compare.js';
import type { Comparison } from '../../verify/bundle/comparison.js';
import { readTarget } from '../../verify/bundle/read-target.js';
import { comparisonResults } from '../../verify/bundle/results.js';
import { countResults } from '../../verify/proof.js';
import { saveProof } from '../cluster/verify/proof-store.js';
import { carryBundle, sourceObjects } from './carry-bundle.js';
import { type Reached, reach } from './export.js';
import type { BundleTools } from './tools.js';

export interface VerifyBundleRequest {
  readonly folder: string;
  readonly target: ClusterAccess;
  /** Declares transforms, selection and secrets from outside; absent = the target should have the very objects. */
  readonly migration: Migration | undefined;
  /** Folder of runs and proofs; absent = the proof is not kept. */
  readonly stateDir?: string;
}

/** Transforms that do not fit leave nothing to compare with. */
const transformErrors = ({ findings }: Carried): DroverErrors | undefined => {
  const [first, ...rest] = findings
    .filter(({ severity }) => severity === 'error')
    .map(
      ({ object, message }): DroverError => ({
        code: 'transforms-unfit',
        message: object === undefined ? message : `${object}: ${message}`,
        state: 'nothing was compared',
      }),
    );
  return first === undefined ? undefined : [first, ...rest];
};

/** What the target should have: the bundle's objects, after the transforms where some are declared. */
const expectedOf = async (
  bundle: Bundle,
  { migration }: VerifyBundleRequest,
  target: Reached,
  tools: BundleTools,
): Promise<Result<Carried, DroverErrors>> => {
  if (migration === undefined) {
    const objects = await sourceObjects(bundle);
    if (!objects.ok) return err([objects.error]);
    return ok(carry({ objects: objects.value, inputs: [], transforms: [], defaults: [] }));
  }
  const carried = await carryBundle(bundle, migration, target, tools);
  if (!carried.ok) return carried;
  const errors = transformErrors(carried.value);
  return errors === undefined ? carried : err(errors);
};

const nextOf = ({ differences, bundle }: Comparison, migration: Migration | undefined): string => {
  if (differences.length === 0) return `drover verify --bundle ${bundle.folder} -o html > proof.html`;
  return migration === undefined
    ? `drover verify --bundle ${bundle.folder} -o json`
    : `drover plan -f ${migration.file}`;
};

const tell = (
  comparison: Comparison,
  { migration }: VerifyBundleRequest,
  proof: string | undefined,
  { emit }: BundleTools,
): void => {
  const results = comparisonResults(comparison);
  for (const result of results) emit({ type: 'check-result', ...result });
  const { bundle, target, durationMs } = comparison;
  emit({
    type: 'verify-summary',
    cluster: target.context,
    bundle: bundle.folder,
    ...countResults([...results]),
    durationMs,
    ...(proof === undefined ? {} : { proof }),
    next: nextOf(comparison, migration),
  });
};

const compare = async (
  bundle: Bundle,
  request: VerifyBundleRequest,
  { kube, identity }: Reached,
  tools: BundleTools,
): Promise<Result<Comparison, DroverErrors>> => {
  const at = new Date(tools.clock.now()).toISOString();
  const begun = tools.clock.monotonic();
  const { migration, folder } = request;
  const carried = await expectedOf(bundle, request, { kube, identity }, tools);
  if (!carried.ok) return carried;
  const expected = carried.value.objects;
  const select = migration?.spec.select ?? { include: [], exclude: [], nodePorts: 'own' as const };
  const found = await readTarget({
    kube,
    expected,
    select,
    signal: tools.signal,
    progress: (kinds, of) => {
      const sinceMs = tools.clock.monotonic() - begun;
      tools.emit({ type: 'waiting', what: `${kinds} of ${of} kinds of the target`, sinceMs });
    },
  });
  if (!found.ok) return err([found.error]);
  const compared = compareWithBundle({
    expected,
    found: found.value,
    nodePorts: select.nodePorts,
    targetIsK3s: ['k3s', 'rke2'].includes(identity.distribution),
    restore: migration?.spec.restore,
  });
  const { server, context, uid, version } = identity;
  return ok({
    apiVersion: 'drover/v1',
    kind: 'BundleComparison',
    formatVersion: 1,
    tool: tools.tool,
    at,
    durationMs: tools.clock.monotonic() - begun,
    bundle: { folder, digest: bundle.index.digest },
    target: { server, context, uid, version },
    objects: expected.map(({ key }) => key),
    differences: [...compared.differences],
    ignored: [...compared.ignored],
  });
};

/** Runs of a migration have its name; without one the target's context stands for the cluster. */
const keep = async (
  comparison: Comparison,
  { migration, stateDir }: VerifyBundleRequest,
  { files, emit }: BundleTools,
): Promise<string | undefined> => {
  if (stateDir === undefined) return undefined;
  const cluster = migration?.name ?? comparison.target.context;
  const saved = await saveProof({ files, stateDir }, cluster, comparison);
  if (saved.ok) return saved.value;
  emit({ type: 'diagnostic', severity: 'warning', error: saved.error });
  return undefined;
};

/**
 * Exports the target once more in memory and compares it with the bundle after the declared transforms. Reads alone;
 * nothing of a Secret leaves memory. The outcome is told as events, too.
 */
export const verifyBundle = async (
  request: VerifyBundleRequest,
  tools: BundleTools,
): Promise<Result<Comparison, DroverErrors>> => {
  const bundle = await openBundle(request.folder, tools.keyWrap([]));
  if (!bundle.ok) return err([bundle.error]);
  const target = await reach(request.target, 'Target', tools);
  if (!target.ok) return err([target.error]);
  try {
    const comparison = await compare(bundle.value, request, target.value, tools);
    if (!comparison.ok) return comparison;
    const proof = await keep(comparison.value, request, tools);
    tell(comparison.value, request, proof, tools);
    return comparison;
  } finally {
    target.value.kube.close();
  }
};
