import { type CatalogueEntry, catalogue, entriesOf } from '../app/catalogue.js';
import { cliErrors } from './errors.js';

/** Every code that Drover can print. */
export const allCodes: readonly CatalogueEntry[] = [...entriesOf('command line', cliErrors), ...catalogue];

export const findCode = (code: string): CatalogueEntry | undefined =>
  allCodes.find((entry) => entry.code === code);
