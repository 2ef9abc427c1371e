import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import type { KeyWrap } from '../../core/ports/key-wrap.js';
import { sealedPlaces } from '../seal/object.js';
import { openKey } from './read.js';
import { readIndex } from './read-index.js';
import { parseObject } from './yaml-text.js';

/** What a new export takes over from the bundle that is already in the folder. */
export interface Earlier {
  readonly key: Uint8Array;
  /** Its age text, when it is still for the same recipients. */
  readonly wrapped: string | undefined;
  /** Ciphertexts by place. */
  readonly places: ReadonlyMap<string, string>;
}

const sameRecipients = (before: readonly string[], now: readonly string[]): boolean =>
  [...before].sort().join() === [...now].sort().join();

/**
 * The earlier bundle's key and ciphertexts, so that values that did not change look the same afterwards. Undefined
 * when there is no whole bundle or this identity cannot open it; then everything is sealed anew.
 */
export const earlierBundle = async (folder: string, wrap: KeyWrap): Promise<Earlier | undefined> => {
  const index = await readIndex(folder);
  if (!index.ok) return undefined;
  // Somebody who may no longer read must not read what comes now: another set of recipients gets another key.
  if (!sameRecipients(index.value.key.recipients, wrap.recipients)) return undefined;
  const key = await openKey(index.value, folder, wrap);
  if (!key.ok) return undefined;
  const places = new Map<string, string>();
  const limit = pLimit(64);
  await Promise.all(
    index.value.entries
      .filter(({ sealed }) => sealed > 0)
      .map(({ path }) =>
        limit(async () => {
          const text = await readFile(join(folder, path), 'utf8').catch(() => '');
          const object = parseObject(text);
          if (object === undefined) return;
          for (const [place, sealed] of sealedPlaces(object)) places.set(place, sealed);
        }),
      ),
  );
  return { key: key.value, wrapped: index.value.key.wrapped, places };
};
