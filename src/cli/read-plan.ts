import { resolve } from 'node:path';
import type { DroverErrors } from '../core/error.js';
import { err, ok, type Result } from '../core/result.js';
import { type Plan, planSchema } from '../plan/model.js';
import { systemFiles } from '../system/files.js';

/** Reads a plan that was saved with `drover plan --out`. */
export const readPlan = async (cwd: string, file: string): Promise<Result<Plan, DroverErrors>> => {
  const unreadable = (cause: string): Result<never, DroverErrors> =>
    err([
      {
        code: 'plan-unreadable',
        message: `${file} is not a plan of this version`,
        cause,
        state: 'nothing was changed',
      },
    ]);
  const text = await systemFiles.read(resolve(cwd, file));
  if (!text.ok) return unreadable(text.error.detail);
  try {
    const plan = planSchema.safeParse(JSON.parse(text.value));
    return plan.success ? ok(plan.data) : unreadable(plan.error.issues[0]?.message ?? 'its shape is wrong');
  } catch (reason) {
    return unreadable(reason instanceof Error ? reason.message : String(reason));
  }
};
