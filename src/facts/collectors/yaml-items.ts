import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Scalar } from 'yaml';

/** One key of a configuration file, in the order of the file; the same key may come again. */
export interface YamlItem {
  readonly key: string;
  readonly value: string | readonly string[];
  readonly line: number;
}

const textOf = (node: unknown): string => {
  if (isScalar(node)) {
    // The text as written: `0644` and `1.10` are no numbers to K3s' flags.
    if (node.type === 'PLAIN' && node.source !== undefined) return node.source;
    return String(node.value).trim();
  }
  return isNode(node) ? node.toString().trim() : '';
};

/**
 * Top-level keys of a YAML file as K3s reads it: an ordered list in which keys may repeat. Strict readers refuse
 * such files; this one must not. Returns an error text when the file is no YAML mapping at all.
 */
export const yamlItems = (text: string): { readonly items: readonly YamlItem[]; readonly error?: string } => {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: false,
    strict: false,
    version: '1.1',
  });
  const { contents } = document;
  if (contents === null) return { items: [] };
  if (!isMap(contents)) return { items: [], error: 'no mapping of keys to values' };
  const items = contents.items.map(({ key, value }): YamlItem => {
    const offset = isScalar(key) ? (key as Scalar).range?.[0] : undefined;
    return {
      key: textOf(key),
      value: isSeq(value) ? value.items.map(textOf) : textOf(value),
      line: lines.linePos(offset ?? 0).line,
    };
  });
  const problem = document.errors[0]?.message.split('\n')[0];
  return problem === undefined ? { items } : { items, error: problem };
};

/** Keys that stand more than once in one file. `key` and `key+` are two different keys. */
export const duplicateKeys = (items: readonly YamlItem[]): { key: string; lines: number[] }[] => {
  const lines = new Map<string, number[]>();
  for (const { key, line } of items) lines.set(key, [...(lines.get(key) ?? []), line]);
  return [...lines].filter(([, at]) => at.length > 1).map(([key, at]) => ({ key, lines: at }));
};
