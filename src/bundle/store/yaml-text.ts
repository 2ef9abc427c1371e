import { Document, parse, Scalar, type Tags, visit } from 'yaml';
import type { KubeObject } from '../../core/ports/kube.js';
import { isMap } from '../clean/draft.js';

/*
 * Objects are written as YAML 1.1, which is what kubectl reads: words such as `yes` and numbers such as `0777` are quoted, so
 * that a file means the same to everybody.
 */
const OPTIONS = {
  version: '1.1',
  // `<<` is a key like any other in JSON.
  customTags: (tags: Tags): Tags =>
    tags.filter(
      (tag) => tag !== 'merge' && (typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:merge'),
    ),
} as const;

export const objectYaml = (object: KubeObject): string => {
  const document = new Document(object, { ...OPTIONS, aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_, node) => {
      if (node.value === '<<') node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString({ lineWidth: 0 });
};

/** Undefined when the text holds no object of the API. */
export const parseObject = (text: string): KubeObject | undefined => {
  try {
    const value: unknown = parse(text, { ...OPTIONS, logLevel: 'silent', maxAliasCount: 0 });
    if (!isMap(value) || typeof value['apiVersion'] !== 'string' || typeof value['kind'] !== 'string')
      return undefined;
    const { metadata } = value;
    return isMap(metadata) && typeof metadata['name'] === 'string'
      ? (value as unknown as KubeObject)
      : undefined;
  } catch {
    return undefined;
  }
};
