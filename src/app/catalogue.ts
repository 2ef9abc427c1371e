import type { ErrorCatalogue, ErrorKind } from '../core/error.js';
import { labErrors } from '../lab/errors.js';
import { transportErrors } from '../transport/errors.js';

/** One code with where it comes from; findings and errors share one space of codes. */
export interface CatalogueEntry extends ErrorKind {
  readonly code: string;
  readonly area: string;
  /** Where the knowledge comes from. */
  readonly source?: string;
}

export const entriesOf = (area: string, catalogue: ErrorCatalogue): readonly CatalogueEntry[] =>
  Object.entries(catalogue).map(([code, kind]) => ({ code, area, ...kind }));

/** Every code that Drover can print, except those of the command line itself. */
export const catalogue: readonly CatalogueEntry[] = [
  ...entriesOf('ssh', transportErrors),
  ...entriesOf('lab', labErrors),
];
