import { expect, it } from 'vitest';
import type { KubeObject } from '../../src/core/ports/kube.js';
import { ok } from '../../src/core/result.js';
import { removeExpired } from '../../src/verify/expired.js';
import { EXPIRES } from '../../src/verify/probe-objects.js';
import { fakeKube, listing } from './fake-kube.js';

const NOW = Date.parse('2026-01-02T03:04:05Z');
const namespace = (name: string, expires: string | undefined, more: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, annotations: expires === undefined ? {} : { [EXPIRES]: expires }, ...more },
});

it('removes what has expired, and nothing that runs, goes already, or is not a verification’s', async () => {
  const past = '2026-01-02T03:04:04Z';
  const deleted: string[] = [];
  const kube = fakeKube({
    list: listing([
      namespace('drover-verify-old', past),
      namespace('drover-verify-runs', '2026-01-02T03:05:00Z'),
      namespace('drover-verify-unmarked', undefined),
      namespace('drover-verify-going', past, { deletionTimestamp: past }),
      namespace('production', past),
    ]),
    delete: ({ name }) => {
      deleted.push(name);
      return Promise.resolve(ok(undefined));
    },
  });
  const removed = await removeExpired(kube, NOW, new AbortController().signal);
  expect(deleted).toEqual(['drover-verify-old']);
  expect(removed).toEqual(deleted);
});
