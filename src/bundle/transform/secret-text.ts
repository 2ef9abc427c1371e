import type { KubeObject } from '../../core/ports/kube.js';
import { isMap } from '../clean/draft.js';

const decoded = (value: string): string | undefined => {
  const bytes = Buffer.from(value, 'base64');
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : undefined;
};

/** Changes texts inside the values of a Secret: connection strings name hosts, too. Binary values stay as they are. */
export const mapSecretTexts = (object: KubeObject, change: (text: string) => string): KubeObject => {
  const { data } = object;
  // A release record is compressed; it is carried as it is.
  if (
    object.apiVersion !== 'v1' ||
    object.kind !== 'Secret' ||
    !isMap(data) ||
    object['type'] === 'helm.sh/release.v1'
  )
    return object;
  const changed = Object.entries(data).map(([key, value]) => {
    const text = typeof value === 'string' ? decoded(value) : undefined;
    const next = text === undefined ? text : change(text);
    return [key, next === undefined || next === text ? value : Buffer.from(next, 'utf8').toString('base64')];
  });
  return { ...object, data: Object.fromEntries(changed) as unknown };
};
