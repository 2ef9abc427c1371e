import { describe, it } from 'vitest';
import { type Line, parseList, readDocument } from './list.js';

const LINES: ReadonlyMap<string, Line> = new Map(
  parseList(await readDocument()).map((line) => [line.id, line]),
);

/** A real K3s program that takes the place of the lab's engine. */
export const REAL_K3S: string | undefined = process.env['DROVER_K3S'] || undefined;

/**
 * Tests that hold one line of docs/lab.md. Lines that say "different" or "absent" are about the lab's engine: with a real
 * K3s they have nothing to hold, and only lines that say "same" do.
 * @param id the line's id; a line that is not in the document is a mistake of the suite
 */
export const behaviour = (id: string, tests: Readonly<Record<string, () => Promise<void>>>): void => {
  const line = LINES.get(id);
  if (line === undefined) throw new Error(`docs/lab.md has no line with the id ${id}`);
  if (REAL_K3S !== undefined && line.engine !== 'same') return;
  describe(`${id} (${line.engine})`, () => {
    for (const [title, test] of Object.entries(tests)) it(title, test);
  });
};
