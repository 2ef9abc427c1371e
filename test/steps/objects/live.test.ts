import { describe, expect, it } from 'vitest';
import type { KubeFailure, KubePage } from '../../../src/core/ports/kube.js';
import { err, ok, type Result } from '../../../src/core/result.js';
import type { KubeReads } from '../../../src/steps/kube-reads.js';
import { liveObjects } from '../../../src/steps/objects/live.js';

type Page = Result<KubePage, KubeFailure>;

const NAMES = Array.from({ length: 10 }, (_, at) => `secret-${at}`);
const SOUGHT = NAMES.map((name) => ({
  key: `shop/Secret/${name}`,
  ref: { group: '', version: 'v1', plural: 'secrets', namespace: 'shop', name },
}));
const FORGOTTEN: Page = err({ kind: 'gone', message: 'the continue parameter is too old', causes: [] });
const page = (...names: readonly string[]): Page =>
  ok({
    items: names.map((name) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name } })),
    resourceVersion: '1',
  });

/** Gives one of these lists after the other, page by page; the last one again and again. */
const listing = (...lists: readonly (readonly Page[])[]) => {
  let asked = 0;
  return {
    async *list() {
      await Promise.resolve();
      asked += 1;
      yield* lists[Math.min(asked, lists.length) - 1] ?? [];
    },
  } as unknown as KubeReads;
};

const told = async (kube: KubeReads): Promise<readonly string[]> => {
  const seen: string[] = [];
  for await (const each of liveObjects(kube, SOUGHT, new AbortController().signal))
    seen.push(
      each.ok ? `${each.value.live === undefined ? '-' : '+'}${each.value.key.slice(12)}` : each.error.code,
    );
  return seen;
};

describe('objects that are looked for', () => {
  it('are given once each, with what is there of their name', async () => {
    const seen = await told(listing([page('secret-1', 'stranger'), page('secret-2')]));
    expect(seen.filter((each) => each.startsWith('+'))).toEqual(['+secret-1', '+secret-2']);
    expect(seen).toHaveLength(NAMES.length);
  });

  it('are listed anew when the API has forgotten the place, and none is given twice', async () => {
    const seen = await told(listing([page('secret-1'), FORGOTTEN], [page('secret-1', 'secret-2')]));
    expect(seen.filter((each) => each.startsWith('+'))).toEqual(['+secret-1', '+secret-2']);
    expect(seen).toHaveLength(NAMES.length);
  });

  it('are given up when a list brings nothing before it is forgotten again', async () => {
    expect(await told(listing([page('secret-1'), FORGOTTEN], [FORGOTTEN]))).toEqual([
      '+secret-1',
      'kube-gone',
    ]);
  });
});
