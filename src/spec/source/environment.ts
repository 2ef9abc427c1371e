import { type Document, isScalar, parseDocument, Scalar, visit } from 'yaml';
import type { DroverError } from '../../core/error.js';
import type { SourceText } from './text.js';

/** Environment variables of the process; values may be secret, so they never enter an error. */
export type Environment = Readonly<Record<string, string | undefined>>;

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/** What a plain scalar means after a variable was put in: `${REPLICAS}` may become a number. */
const retype = (node: Scalar, text: string): unknown => {
  if (node.type !== Scalar.PLAIN) return text;
  const { contents } = parseDocument(text);
  return isScalar(contents) && ['number', 'boolean'].includes(typeof contents.value) ? contents.value : text;
};

const allowedNames = (document: Document.Parsed): ReadonlySet<string> => {
  const listed: unknown = document.getIn(['metadata', 'environment']);
  const names = listed === undefined ? [] : (JSON.parse(JSON.stringify(listed)) as unknown);
  return new Set(
    Array.isArray(names) ? names.filter((name): name is string => typeof name === 'string') : [],
  );
};

export interface Substitution {
  /** Scalars whose value comes from the environment, with the names that were put in. */
  readonly from: ReadonlyMap<unknown, readonly string[]>;
  readonly errors: readonly DroverError[];
}

/**
 * Replaces `${NAME}` and `${NAME:-default}` in values, in place. Only names that `metadata.environment` lists are
 * variables; everything else stays as written, because commands and configuration in a spec use the same signs.
 */
export const substitute = (
  document: Document.Parsed,
  source: SourceText,
  environment: Environment,
): Substitution => {
  const allowed = allowedNames(document);
  const from = new Map<unknown, readonly string[]>();
  const errors: DroverError[] = [];
  const missing = (name: string, node: Scalar): DroverError => ({
    code: 'spec-variable-missing',
    message: `the environment variable ${name} is not set`,
    location: source.locate(node.range?.[0] ?? 0, node.range?.[1]),
    hint: `set ${name}, or write \${${name}:-default}`,
  });
  visit(document, {
    Scalar: (key, node) => {
      if (key === 'key' || typeof node.value !== 'string' || !node.value.includes('${')) return;
      const used: string[] = [];
      const text = node.value.replace(VARIABLE, (whole, name: string, fallback?: string) => {
        if (!allowed.has(name)) return whole;
        used.push(name);
        const value = environment[name] ?? fallback;
        if (value === undefined) errors.push(missing(name, node));
        return value ?? '';
      });
      if (used.length === 0) return;
      from.set(node, used);
      node.value = retype(node, text);
    },
  });
  return { from, errors };
};
