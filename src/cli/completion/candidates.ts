import { faults } from '../../lab/faults/list.js';
import { listLabs } from '../../lab/state/store.js';
import { loadCluster } from '../../spec/load-cluster.js';
import { systemClock } from '../../system/clock.js';
import { systemFiles } from '../../system/files.js';
import { allCodes } from '../catalogue.js';
import type { Candidates } from './complete.js';

/** The spec that the words name with -f, or the usual one. */
const specOf = (words: readonly string[], env: NodeJS.ProcessEnv): string => {
  const at = words.findIndex((word) => word === '-f' || word === '--file');
  const inline = words.find((word) => word.startsWith('--file='))?.slice('--file='.length);
  return inline ?? (at === -1 ? undefined : words[at + 1]) ?? env.DROVER_FILE ?? 'drover.yaml';
};

const hostNames = async (file: string, cwd: string, env: NodeJS.ProcessEnv): Promise<readonly string[]> => {
  const cluster = await loadCluster({ file, cwd, env, files: systemFiles, clock: systemClock });
  return cluster.ok ? cluster.value.hosts.map(({ name }) => name) : [];
};

/** Collects what completion can offer here and now. Completion never fails: what cannot be read is not offered. */
export const collectCandidates = async (
  words: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<Candidates> => {
  const [host, lab] = await Promise.all([hostNames(specOf(words, env), cwd, env), listLabs(env)]);
  return {
    host,
    lab,
    fault: faults.map(({ id }) => id),
    code: allCodes.map(({ code }) => code),
    file: [],
    path: [],
  };
};
