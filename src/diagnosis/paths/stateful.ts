import type { Grid } from './grid.js';

/** Was a raw protocol seen to be lost when sent first and to pass after the peer had spoken? Then a stateful filter lets answers in only. */
export const statefulOnly = ({ matrix }: Grid): boolean =>
  matrix.notes.some(([, , text]) => text.includes('stateful filter'));
