import type { Cell } from '../model/probe-matrix.js';

/** What became of one packet from one host to another. */
export interface Outcome {
  readonly cell: Cell;
  readonly note?: string;
}
