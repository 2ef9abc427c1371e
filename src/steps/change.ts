import { z } from 'zod';

/**
 * One line of a diff: `+` add, `-` remove, `~` change in place, `-/+` replace, `>` run or move, `=` verify,
 * `!` warning, `?` known only when it happens.
 */
export const CHANGE_SYMBOLS = {
  add: '+',
  remove: '-',
  change: '~',
  replace: '-/+',
  run: '>',
  verify: '=',
  warn: '!',
  unknown: '?',
} as const;
export type ChangeKind = keyof typeof CHANGE_SYMBOLS;

export const changeSchema = z.strictObject({
  kind: z.enum(Object.keys(CHANGE_SYMBOLS) as [ChangeKind, ...ChangeKind[]]),
  /** What changes: a path, a unit, a sysctl, a node. */
  what: z.string(),
  before: z.string().optional(),
  after: z.string().optional(),
  /** The values are secret: shown as `(sensitive)`. Then before and after stay empty. */
  sensitive: z.boolean().optional(),
});
export type Change = z.infer<typeof changeSchema>;
