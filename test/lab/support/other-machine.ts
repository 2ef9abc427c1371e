import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labPaths } from '../../../src/lab/paths.js';

/** Another operator's machine: a spec, an identity that opens secrets, and nothing else. */
export interface OtherMachine {
  readonly folder: string;
  /** Where it keeps runs. */
  readonly state: string;
  readonly env: Readonly<Record<string, string>>;
  readonly remove: () => Promise<void>;
}

export const otherMachine = async (lab: string, spec: string): Promise<OtherMachine> => {
  const folder = await mkdtemp(join(tmpdir(), 'drover-other-'));
  const state = join(folder, 'state');
  await mkdir(state);
  await copyFile(join(labPaths(process.env, lab).stateDir, 'identity.txt'), join(state, 'identity.txt'));
  await copyFile(spec, join(folder, 'drover.yaml'));
  return { folder, state, env: { DROVER_STATE_DIR: state }, remove: () => rm(folder, { recursive: true }) };
};
