import { parse, stringify } from 'yaml';
import type { KubeObject } from '../../core/ports/kube.js';
import { isMap } from '../clean/draft.js';

/**
 * Objects as YAML 1.1, which is what kubectl reads: words such as `yes` and numbers such as `0777` are quoted, so
 * that a file means the same to everybody.
 */
const VERSION = '1.1';

export const objectYaml = (object: KubeObject): string =>
  stringify(object, { version: VERSION, lineWidth: 0, aliasDuplicateObjects: false });

/** Undefined when the text holds no object of the API. */
export const parseObject = (text: string): KubeObject | undefined => {
  try {
    const value: unknown = parse(text, {
      version: VERSION,
      merge: false,
      logLevel: 'silent',
      maxAliasCount: 0,
    });
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
