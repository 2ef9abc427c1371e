import { readFileSync } from 'node:fs';
import { shellQuote } from '../../core/shell.js';

const piece = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

/** Both changing scripts read the things from their data, so that their texts are the same for every host. */
const FROM_DATA = 'lines=$(data)\nthings() { printf "%s\\n" "$lines"; }';

/** Keeps how everything was; the first of the two changes. */
export const saveScript = (): string =>
  [
    `PUT_BACK=${shellQuote([piece('residue.sh'), piece('put-back.sh')].join('\n'))}`,
    FROM_DATA,
    piece('residue.sh'),
    piece('save.sh'),
  ].join('\n');

/** Removes everything; the second change. */
export const removeScript = (): string => [FROM_DATA, piece('residue.sh'), piece('remove.sh')].join('\n');

/** Prints what is still there. Reads only. */
export const leftScript = (lines: string): string =>
  [`lines=${shellQuote(lines)}`, 'things() { printf "%s\\n" "$lines"; }', piece('residue.sh'), 'left'].join(
    '\n',
  );
