import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../core/ports/kube.js';
import type { Transform } from '../../spec/schema/transforms.js';
import { mapTexts } from './edit.js';
import { type Change, isSelected, unchanged } from './model.js';
import { mapSecretTexts } from './secret-text.js';

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Lets names of hosts be others, wherever a text holds them as a whole: rules, certificates, configuration, Secrets. */
export const hostName: Change<Extract<Transform, { change: 'host-name' }>> = (object, { from, to, only }) => {
  if (!isSelected(object, only)) return unchanged(object);
  const whole = new RegExp(`(?<![\\w.*-])${literal(from)}(?![\\w-]|\\.\\w)`, 'g');
  const change = (text: string): string => text.replaceAll(whole, to);
  const texts = mapTexts(object, (text, path) =>
    path[0] === 'spec' || path[0] === 'data' || path[1] === 'annotations' ? change(text) : text,
  ) as KubeObject;
  const done = mapSecretTexts(object.kind === 'Secret' ? { ...texts, data: object['data'] } : texts, change);
  return { object: isDeepStrictEqual(done, object) ? object : done, findings: [] };
};
