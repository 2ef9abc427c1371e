import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseAllDocuments,
} from 'yaml';
import type { DroverError, SourceLocation } from '../../core/error.js';
import type { Path } from '../path.js';
import { type Environment, substitute } from './environment.js';
import type { SourceText } from './text.js';
import { syntaxErrors } from './yaml-errors.js';

/** Which side of `key: value` a location means. */
export type Part = 'key' | 'value';

/** A parsed file whose every value can be found again in the text. */
export interface YamlSource {
  readonly source: SourceText;
  /** Plain data; undefined when the text is too broken to be read. */
  readonly value: unknown;
  readonly errors: readonly DroverError[];
  /** Place of a path; of its nearest ancestor when the file does not hold it. */
  readonly locate: (path: Path, part?: Part) => SourceLocation;
  /** Does the file itself hold a value here? */
  readonly has: (path: Path) => boolean;
  /** Names of the environment variables that a value is made from. */
  readonly variables: (path: Path) => readonly string[];
}

interface Found {
  readonly key?: Node;
  readonly value?: Node;
}

const resolved = (node: unknown, document: Document): Node | undefined =>
  (isAlias(node) ? node.resolve(document) : node) as Node | undefined;

const pairOf = (node: Node, key: string, document: Document): Pair | undefined => {
  if (!isMap(node)) return undefined;
  const own = node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);
  if (own !== undefined) return own;
  const merges = node.items.filter((pair) => isScalar(pair.key) && pair.key.value === '<<');
  const bases = merges
    .map((pair) => resolved(pair.value, document))
    .flatMap((base) => (isSeq(base) ? base.items.map((item) => resolved(item, document)) : [base]));
  for (const base of bases) {
    const found = base === undefined ? undefined : pairOf(base, key, document);
    if (found !== undefined) return found;
  }
  return undefined;
};

const childOf = (parent: Node, segment: string | number, document: Document): Found | undefined => {
  if (isSeq(parent)) {
    const item = parent.items[Number(segment)];
    return item === undefined ? undefined : { value: item as Node };
  }
  const pair = pairOf(parent, String(segment), document);
  return pair === undefined ? undefined : { key: pair.key as Node, value: (pair.value ?? undefined) as Node };
};

/** Follows a path as far as the file goes; `depth` says how far that was. */
const follow = (document: Document, path: Path): Found & { readonly depth: number } => {
  let found: Found = document.contents === null ? {} : { value: document.contents };
  for (const [depth, segment] of path.entries()) {
    const parent = resolved(found.value, document);
    const child = parent === undefined ? undefined : childOf(parent, segment, document);
    if (child === undefined) return { ...found, depth };
    found = child;
  }
  return { ...found, depth: path.length };
};

/** Scalars are shown themselves; of a block, the key that opens it says more than its whole text. */
const shown = ({ key, value }: Found, part: Part): Node | undefined => {
  if (key === undefined || (part === 'value' && (isScalar(value) || isAlias(value)))) return value ?? key;
  return key;
};

const rangeOf = (found: Found, part: Part): readonly [number, number] => {
  const node = shown(found, part);
  const first = isMap(node) && node.flow !== true ? (node.items[0]?.key as Node | undefined) : undefined;
  const range = (first ?? node)?.range;
  return [range?.[0] ?? 0, range?.[1] ?? 1];
};

const plainValue = (
  document: Document,
  source: SourceText,
): { value?: unknown; errors: readonly DroverError[] } => {
  try {
    return { value: document.toJS({ maxAliasCount: 100 }), errors: [] };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    const alias = source.text.indexOf(`*${/: (\S+)$/.exec(cause)?.[1] ?? ''}`);
    return {
      errors: [
        {
          code: 'spec-yaml-alias',
          message: 'an alias cannot be resolved',
          location: source.locate(Math.max(0, alias)),
          cause,
          hint: 'set the anchor (&name) before the alias (*name) that uses it',
        },
      ],
    };
  }
};

const emptyError = (source: SourceText): DroverError => ({
  code: 'spec-empty',
  message: 'the spec is empty',
  location: source.locate(0),
  hint: 'drover init --from servers.tsv writes one',
});

const sourceOf = (
  source: SourceText,
  document: Document.Parsed,
  rest: Pick<YamlSource, 'value' | 'errors' | 'variables'>,
): YamlSource => ({
  source,
  ...rest,
  locate: (path, part = 'value') => source.locate(...rangeOf(follow(document, path), part)),
  has: (path) => follow(document, path).depth === path.length,
});

/** Reads one YAML document; every problem is reported with its place, none throws. */
export const parseYaml = (source: SourceText, environment: Environment): YamlSource => {
  const documents = parseAllDocuments(source.text, { prettyErrors: false, merge: true, logLevel: 'silent' });
  const [document, second] = Array.isArray(documents) ? documents : [];
  const syntax = syntaxErrors(source, document, second);
  if (document === undefined || document.contents === null) {
    const errors = syntax.length > 0 ? syntax : [emptyError(source)];
    return {
      source,
      value: undefined,
      errors,
      locate: () => source.locate(0),
      has: () => false,
      variables: () => [],
    };
  }
  const { from, errors: unset } = substitute(document, source, environment);
  const { value, errors } = plainValue(document, source);
  return sourceOf(source, document, {
    value,
    errors: [...syntax, ...unset, ...errors],
    variables: (path) => from.get(follow(document, path).value) ?? [],
  });
};
