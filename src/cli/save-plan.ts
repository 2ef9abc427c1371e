import { resolve } from 'node:path';
import type { DroverError } from '../core/error.js';
import type { Plan } from '../plan/model.js';
import { systemFiles } from '../system/files.js';

/** Writes a plan where `--out` says; the error when that does not succeed. */
export const savePlan = async (
  plan: Plan,
  out: string | undefined,
  cwd: string,
): Promise<DroverError | undefined> => {
  if (out === undefined) return undefined;
  const text = `${JSON.stringify(plan, null, 2)}\n`;
  const saved = await systemFiles.write(resolve(cwd, out), text, { mode: 0o600 });
  return saved.ok
    ? undefined
    : {
        code: 'plan-not-written',
        message: `cannot write ${out}`,
        cause: saved.error.detail,
        state: 'nothing was changed',
      };
};
