import { type Document, isNode, parseAllDocuments } from 'yaml';
import type { DroverError, SourceLocation } from '../../core/error.js';
import type { KubeObject } from '../../core/ports/kube.js';
import type { Path } from '../../spec/path.js';
import { type SourceText, sourceText } from '../../spec/source/text.js';
import type { PolicyObject } from './object.js';

export interface Manifests {
  readonly objects: readonly PolicyObject[];
  readonly errors: readonly DroverError[];
}

interface Part {
  readonly value: unknown;
  /** Way from the document to this part of it. */
  readonly base: Path;
}

/** Place of a path, or of the nearest thing around it that is written down. */
const locator =
  (source: SourceText, document: Document, base: Path) =>
  (path: Path, word?: string): SourceLocation => {
    for (let length = base.length + path.length; length >= 0; length -= 1) {
      const way = [...base, ...path].slice(0, length);
      const node: unknown = length === 0 ? document.contents : document.getIn(way, true);
      if (!isNode(node) || node.range == null) continue;
      const [start, end] = node.range;
      const at = word === undefined ? -1 : source.text.slice(start, end).indexOf(word);
      return at < 0 || word === undefined
        ? source.locate(start, end)
        : source.locate(start + at, start + at + word.length);
    }
    return source.locate(0);
  };

const isObject = (value: unknown): value is KubeObject => {
  const { apiVersion, kind, metadata } = (value ?? {}) as Partial<KubeObject>;
  return typeof apiVersion === 'string' && typeof kind === 'string' && typeof metadata?.name === 'string';
};

/** A List, as kubectl prints one, is its items. */
const partsOf = (value: unknown): readonly Part[] => {
  const { kind, items } = (value ?? {}) as { kind?: unknown; items?: unknown };
  if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(items))
    return [{ value, base: [] }];
  return items.map((item: unknown, index) => ({ value: item, base: ['items', index] }));
};

const templateHint = (source: SourceText): Pick<DroverError, 'hint'> =>
  source.text.includes('{{') ? { hint: 'this looks like a template: render the chart first' } : {};

const syntaxErrors = (source: SourceText, document: Document.Parsed): readonly DroverError[] =>
  document.errors.map(({ message, pos }) => ({
    code: 'manifest-syntax',
    message: message.replace(/\.$/, '').replace(/ at line \d+, column \d+:[\s\S]*$/, ''),
    location: source.locate(pos[0], pos[1]),
    ...templateHint(source),
  }));

const readDocument = (source: SourceText, document: Document.Parsed): Manifests => {
  if (document.errors.length > 0) return { objects: [], errors: syntaxErrors(source, document) };
  const objects: PolicyObject[] = [];
  const errors: DroverError[] = [];
  if (document.contents === null) return { objects, errors };
  for (const { value, base } of partsOf(document.toJS({ maxAliasCount: 100 }))) {
    const locate = locator(source, document, base);
    if (isObject(value)) objects.push({ object: value, locate });
    else
      errors.push({
        code: 'manifest-no-object',
        message: 'this is no Kubernetes object: it lacks apiVersion, kind or metadata.name',
        location: locate([]),
        ...templateHint(source),
      });
  }
  return { objects, errors };
};

/** The objects of one file of manifests, YAML or JSON, with where each value stands; all that is wrong at once. */
export const readManifests = (file: string, text: string): Manifests => {
  const source = sourceText(file, text);
  const documents = parseAllDocuments(source.text, { logLevel: 'error' });
  const parts = ('empty' in documents ? [] : documents).map((document) => readDocument(source, document));
  return { objects: parts.flatMap(({ objects }) => objects), errors: parts.flatMap(({ errors }) => errors) };
};
