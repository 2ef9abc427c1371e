import type { z } from 'zod';
import { didYouMean } from '../core/did-you-mean.js';
import type { DroverError } from '../core/error.js';
import { sentence } from '../core/text.js';
import { clusterJsonSchema, type JsonSchema, keysAt, schemasAt } from './fields.js';
import { formatPath, type Path, valueAt } from './path.js';
import type { YamlSource } from './source/yaml.js';

type Issue = z.core.$ZodIssue;

const KINDS: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

const kindOf = (value: unknown): string => {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return KINDS[typeof value] ?? typeof value;
};

const prefixed = (path: Path, issue: Issue): Issue => ({
  ...issue,
  path: [...(path as PropertyKey[]), ...issue.path],
});

const isShapeMismatch = (issues: readonly Issue[]): boolean =>
  issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0);

/** A union that fails is explained by the alternative that the user most likely meant. */
const flatten = (issue: Issue): readonly Issue[] => {
  if (issue.code !== 'invalid_union' || issue.message !== 'Invalid input') return [issue];
  const [best] = issue.errors
    .filter((issues) => issues.length > 0 && !isShapeMismatch(issues))
    .sort((a, b) => a.length - b.length);
  return best === undefined ? [issue] : best.flatMap((inner) => flatten(prefixed(issue.path as Path, inner)));
};

const shapesOf = (issue: Extract<Issue, { code: 'invalid_union' }>): string =>
  sentence([
    ...new Set(
      issue.errors.flatMap((issues) =>
        issues.flatMap((inner) =>
          inner.code === 'invalid_type' ? [KINDS[inner.expected] ?? inner.expected] : [],
        ),
      ),
    ),
  ]).replace(' and ', ' or ');

const bound = (issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string => {
  const limit = issue.code === 'too_small' ? `at least ${issue.minimum}` : `at most ${issue.maximum}`;
  const units: Readonly<Record<string, string>> = { string: ' characters', array: ' items' };
  return `expected ${limit}${units[issue.origin] ?? ''}`;
};

const expectation = (issue: Issue, value: unknown): string => {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${KINDS[issue.expected] ?? issue.expected}, found ${kindOf(value)}`;
    case 'invalid_value':
      return `expected ${sentence(issue.values.map(String), 20).replace(' and ', ' or ')}`;
    case 'too_small':
    case 'too_big':
      return issue.message.startsWith('expected') ? issue.message : bound(issue);
    case 'invalid_union':
      if (issue.message.startsWith('expected')) return issue.message;
      if ('options' in issue && Array.isArray(issue.options))
        return `expected ${sentence(issue.options.map(String)).replace(' and ', ' or ')}`;
      return `expected ${shapesOf(issue)}, found ${kindOf(value)}`;
    default:
      return issue.message.startsWith('expected')
        ? issue.message
        : `expected a valid value (${issue.message})`;
  }
};

const optionsOf = (issue: Issue): readonly string[] => {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  return issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options)
    ? issue.options.map(String)
    : [];
};

const exampleHint = (path: Path, root: JsonSchema): { readonly hint?: string } => {
  const [schema] = schemasAt(path, root);
  const example = schema?.examples?.[0];
  if (example !== undefined) return { hint: `for example ${JSON.stringify(example)}` };
  return schema?.description === undefined ? {} : { hint: schema.description };
};

const unknownKey = (yaml: YamlSource, path: Path, key: string, root: JsonSchema): DroverError => {
  const allowed = keysAt(path, root);
  const near = didYouMean(key, allowed);
  const where = path.length === 0 ? 'the top level' : formatPath(path);
  return {
    code: 'spec-unknown-key',
    message: `${where} has no key ${JSON.stringify(key)}`,
    location: yaml.locate([...path, key], 'key'),
    ...(near === undefined ? {} : { label: `did you mean ${near}?` }),
    hint:
      near === undefined
        ? `keys here: ${sentence(allowed, 24)}`
        : `drover config explain ${formatPath([...path, near])}`,
  };
};

const missingKey = (yaml: YamlSource, path: Path, root: JsonSchema): DroverError => ({
  code: 'spec-missing-key',
  message: `${formatPath(path)} is missing`,
  location: yaml.locate(path.slice(0, -1), 'key'),
  ...exampleHint(path, root),
});

const wrongValue = (yaml: YamlSource, path: Path, issue: Issue): DroverError => {
  const value = valueAt(yaml.value, path);
  const near = typeof value === 'string' ? didYouMean(value, optionsOf(issue)) : undefined;
  return {
    code: 'spec-wrong-value',
    message: `${path.length === 0 ? 'the spec' : formatPath(path)}: ${expectation(issue, value)}`,
    location: yaml.locate(path),
    ...(near === undefined ? {} : { label: `did you mean ${near}?` }),
    hint: `drover config explain ${formatPath(path.filter((segment) => typeof segment === 'string'))}`,
  };
};

const isMissing = (yaml: YamlSource, path: Path): boolean =>
  path.length > 0 && !yaml.has(path) && valueAt(yaml.value, path) === undefined;

/** What the schema found wrong, each with its place, what was expected and what was probably meant. */
export const issueErrors = (
  yaml: YamlSource,
  issues: readonly Issue[],
  root = clusterJsonSchema(),
): readonly DroverError[] =>
  issues.flatMap(flatten).flatMap((issue) => {
    const path = issue.path as Path;
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(yaml, path, key, root));
    return [isMissing(yaml, path) ? missingKey(yaml, path, root) : wrongValue(yaml, path, issue)];
  });
