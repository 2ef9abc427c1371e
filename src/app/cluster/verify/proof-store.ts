import { join } from 'node:path';
import type { DroverError } from '../../../core/error.js';
import type { Files } from '../../../core/ports/files.js';
import { err, ok, type Result } from '../../../core/result.js';
import { planSchema } from '../../../plan/model.js';
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

/** Keeps a proof with the run that it proves; of a cluster that no run here made, in a folder of its own. */
export const saveProof = async (
  files: Files,
  stateDir: string,
  proof: Proof,
): Promise<Result<string, DroverError>> => {
  const run = await newestRun(files, stateDir, proof.cluster);
  const time = proof.at.replace(/\.\d+/, '').replaceAll(':', '');
  const path =
    run === undefined
      ? join(stateDir, 'proofs', `${proof.cluster}-${time}.json`)
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
