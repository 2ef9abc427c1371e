/** One part of a fragment's output, begun by the prelude's `block NAME`. */
export interface Block {
  readonly name: string;
  readonly text: string;
}

/** Splits output into its blocks, in order; names may repeat. */
export const blockList = (output: string): readonly Block[] =>
  `\n${output}`
    .split('\n@@ ')
    .slice(1)
    .map((part) => {
      const lineEnd = part.indexOf('\n');
      return lineEnd < 0
        ? { name: part.trim(), text: '' }
        : { name: part.slice(0, lineEnd).trim(), text: part.slice(lineEnd + 1) };
    });

/** Blocks by name, trimmed; absent ones read as empty. */
export const blocksOf = (output: string): ((name: string) => string) => {
  const byName = new Map(blockList(output).map(({ name, text }) => [name, text.trim()]));
  return (name) => byName.get(name) ?? '';
};

export const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** `KEY=value` and `KEY="value"` lines. */
export const assignments = (text: string): ReadonlyMap<string, string> =>
  new Map(
    linesOf(text).flatMap((line): [string, string][] => {
      const found = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line);
      if (found === null) return [];
      return [[found[1] ?? '', (found[2] ?? '').replace(/^(["'])(.*)\1$/, '$2')]];
    }),
  );

/** A decimal number, or the fallback when the text is none. */
export const numberOr = <Fallback>(text: string | undefined, fallback: Fallback): number | Fallback =>
  text !== undefined && /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : fallback;
