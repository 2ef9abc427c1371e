import type { z } from 'zod';
import type { checkShapes } from '../core/events/check.js';

/** One thing that `verify` looked at. */
export type CheckResult = Readonly<
  z.infer<z.ZodObject<(typeof checkShapes)['check-result'], z.core.$strict>>
>;

export const pass = (part: Omit<CheckResult, 'status'>): CheckResult => ({ ...part, status: 'pass' });

export const fail = (part: Omit<CheckResult, 'status'>): CheckResult => ({ ...part, status: 'fail' });

export const passIf = (good: boolean, part: Omit<CheckResult, 'status'>): CheckResult => ({
  ...part,
  status: good ? 'pass' : 'fail',
});
