import { expect, it } from 'vitest';
import { readLive } from '../../../src/app/policy/read-live.js';
import type { Kube, KubeObject } from '../../../src/core/ports/kube.js';
import { err, ok } from '../../../src/core/result.js';

const item = (name: string): KubeObject =>
  ({ metadata: { name, namespace: 'shop' } }) as unknown as KubeObject;

/** Lists of some kinds in pages of one; the rest is empty. */
const fakeKube = (lists: Readonly<Record<string, readonly KubeObject[]>>, broken?: string): Kube =>
  ({
    // An async generator as the port has it, without anything to wait for.
    // eslint-disable-next-line @typescript-eslint/require-await
    async *list({ plural }: { readonly plural: string }) {
      if (plural === broken) {
        yield err({ kind: 'forbidden', message: 'no', causes: [] });
        return;
      }
      for (const object of lists[plural] ?? []) yield ok({ items: [object], resourceVersion: '1' });
    },
  }) as unknown as Kube;

const { signal } = new AbortController();

it('gives the items of lists the kind that they do not carry', async () => {
  const read = await readLive(
    fakeKube({ services: [item('a'), item('b')], deployments: [item('c')] }),
    signal,
  );
  expect(
    read.ok && read.value.map(({ object }) => `${object.apiVersion} ${object.kind} ${object.metadata.name}`),
  ).toEqual(['apps/v1 Deployment c', 'v1 Service a', 'v1 Service b']);
});

it('fails as a whole when one kind may not be read: half a judgement is none', async () => {
  expect(await readLive(fakeKube({ services: [item('a')] }, 'configmaps'), signal)).toMatchObject({
    ok: false,
    error: { kind: 'forbidden' },
  });
});
