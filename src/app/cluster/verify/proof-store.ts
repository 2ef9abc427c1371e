import { join } from 'node:path';
import type { DroverError } from '../../../core/error.js';
import type { Files } from '../../../core/ports/files.js';
import { err, ok, type Result } from '../../../core/result.js';
import { planSchema } from '../../../plan/model.js';
import type { Comparison } from '../../../verify/bundle/comparison.js';
import type { Proof } from '../../../verify/proof.js';
import { listRuns } from '../run-store.js';

const clusterOf = (planText: string): string | undefined => {
  try {
    return planSchema.parse(JSON.parse(planText)).cluster.name;
  } catch {
    return undefined;
  }
};

/** The newest run here that worked on the cluster: its proof lies with it. */
const newestRun = async (files: Files, stateDir: string, cluster: string): Promise<string | undefined> => {
  for (const id of (await listRuns(stateDir)).toReversed()) {
    const plan = await files.read(join(stateDir, 'runs', id, 'plan.json'));
    if (plan.ok && clusterOf(plan.value) === cluster) return id;
  }
  return undefined;
};

/** Where proofs are kept: runs lie in the folder, too. */
export interface ProofStore {
  readonly files: Files;
  readonly stateDir: string;
}

/**
 * Keeps a proof with the run that it proves; of a cluster that no run here made, in a folder of its own. `cluster` is
 * the name that runs have it by.
 */
export const saveProof = async (
  { files, stateDir }: ProofStore,
  cluster: string,
  proof: Proof | Comparison,
): Promise<Result<string, DroverError>> => {
  const run = await newestRun(files, stateDir, cluster);
  const time = proof.at.replace(/\.\d+/, '').replaceAll(':', '');
  const path =
    run === undefined
      ? join(stateDir, 'proofs', `${cluster.replaceAll(/[^\w.-]+/g, '-')}-${time}.json`)
      : join(stateDir, 'runs', run, 'proofs', `${time}.json`);
  const written = await files.write(path, `${JSON.stringify(proof, null, 1)}\n`, { mode: 0o600 });
  if (written.ok) return ok(path);
  return err({
    code: 'proof-unwritable',
    message: `the proof cannot be kept in ${path}`,
    cause: written.error.detail,
    state: 'the cluster was verified, and what verification made is gone',
  });
};
