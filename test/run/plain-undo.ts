import type { UndoInput } from '../../src/run/rollback/undo-input.js';

/** Taking run `r` back where nobody asks for anything special, and nobody left the cluster since. */
export const plainUndo = {
  run: 'r',
  cluster: undefined,
  remaining: [],
  overwrite: false,
  leaveDamaged: false,
  tool: '1',
  createdAt: '2026-11-21T11:00:00.000Z',
} satisfies Partial<UndoInput>;
