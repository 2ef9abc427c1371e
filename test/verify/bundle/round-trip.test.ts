import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { verifyBundle } from '../../../src/app/bundle/verify-bundle.js';
import { carry, type SourceObject } from '../../../src/bundle/carry/carry.js';
import { exportBundle } from '../../../src/bundle/export/export.js';
import type { CarriedObject } from '../../../src/bundle/model/carried-object.js';
import { idOf, idText, kindName } from '../../../src/bundle/model/object-id.js';
import { wavesOf } from '../../../src/bundle/order/waves.js';
import { openBundle } from '../../../src/bundle/store/read.js';
import { canonicalJson } from '../../../src/core/canonical.js';
import type { KeyWrap } from '../../../src/core/ports/key-wrap.js';
import type { KubeObject } from '../../../src/core/ports/kube.js';
import type { Transform } from '../../../src/spec/schema/transforms.js';
import { withOwnerKeys } from '../../../src/verify/bundle/live-object.js';
import { bundleRig, migrationOf } from '../../app/bundle/rig.js';
import { person } from '../../bundle/support/age.js';
import { type ApiServer, apiServer } from '../../bundle/support/api/server.js';
import { exportInput } from '../../bundle/support/export-input.js';
import { GENERATED, generatedObjects } from '../../bundle/support/generated-objects.js';
import { definition, namespace, object } from '../../bundle/support/objects.js';
import { live, restorePlan, sourceOf } from '../../steps/objects/support/bench.js';

const widgets = definition('Widget');

const TRANSFORMS: readonly Transform[] = [
  { change: 'namespace', from: 'shop', to: 'store' },
  { change: 'image-registry', from: 'a.example.com', to: 'mirror.example.com/a', paths: [] },
  { change: 'storage-class', from: 'x', to: 'fast' },
  { change: 'host-name', from: 'a.example.com', to: 'b.example.com', only: {} },
  { change: 'replicas', to: 1, only: { kind: 'Deployment' } },
];

let wrap: KeyWrap;
beforeAll(async () => {
  ({ wrap } = await person());
});

/** Exports a cluster and opens what lies in the bundle. */
const exported = async (cluster: ApiServer, folder: string): Promise<readonly SourceObject[]> => {
  const done = await exportBundle(exportInput(cluster, { folder, wrap }));
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  const bundle = await openBundle(folder, wrap);
  if (!bundle.ok) throw new Error(JSON.stringify(bundle.error));
  const objects: SourceObject[] = [];
  for (const entry of bundle.value.index.entries) {
    const read = await bundle.value.object(entry);
    if (!read.ok) throw new Error(JSON.stringify(read.error));
    objects.push({ object: read.value, uid: entry.uid });
  }
  return objects;
};

/** The very restore: waves, gates, the step, the executor and its journal; only the API server is in memory. */
const restored = async (carried: readonly CarriedObject[], target: ApiServer): Promise<void> => {
  const byKey = new Map(carried.map((each) => [each.key, each]));
  const named = carried.map(({ object: each, uid }) => ({ ...each, metadata: { ...each.metadata, uid } }));
  const waves = wavesOf(carried).map(({ keys, gates }) => ({
    objects: keys.flatMap((key) => byKey.get(key)?.object ?? []),
    gates,
    verdict: () => 'later' as const,
  }));
  const summary = await live({
    server: target,
    source: sourceOf(named),
    plan: restorePlan(waves, { existing: 'update', cronJobs: 'keep' }),
    journal: [],
  });
  expect(summary.event).toMatchObject({ outcome: 'done' });
};

const told = (
  objects: readonly { readonly object: KubeObject; readonly uid?: string | undefined }[],
): readonly string[] => {
  const keys = new Map(objects.map(({ object: each, uid }) => [uid, idText(idOf(each))]));
  return objects.map(({ object: each }) => canonicalJson(withOwnerKeys(each, (uid) => keys.get(uid)))).sort();
};

const settling = (name: string): ApiServer => {
  const server = apiServer(name);
  // Operators and back ends of webhooks are ready at once here.
  server.settled = (made) =>
    made.kind === 'Deployment'
      ? { ...made, status: { availableReplicas: 9, readyReplicas: 9, observedGeneration: 99 } }
      : made;
  return server;
};

it('export, restore and export again give the same, modulo the declared transforms, for objects of every kind', async () => {
  await fc.assert(
    fc.asyncProperty(generatedObjects, fc.subarray([...TRANSFORMS]), async (generated, transforms) => {
      const folder = await mkdtemp(join(tmpdir(), 'drover-round-'));
      try {
        const [a, b] = [settling('a'), settling('b')];
        for (const each of [namespace('shop'), widgets, ...generated]) a.put(each);
        const [owner] = generated.filter(({ kind }) => kind === 'Deployment');
        const uid = a.find('apps/v1', 'Deployment', owner?.metadata.name ?? '', 'shop')?.metadata.uid;
        const reference = { apiVersion: 'apps/v1', kind: 'Deployment', name: owner?.metadata.name, uid };
        a.put(object('v1', 'ConfigMap', 'owned', { metadata: { ownerReferences: [reference] } }));
        const objects = await exported(a, join(folder, 'a'));
        const kinds = new Set(objects.map(({ object: each }) => kindName(idOf(each))));
        expect(kinds.size).toBe(GENERATED.length + 2);
        const carried = carry({ objects, inputs: [], transforms, defaults: [] });
        await restored(carried.objects, b);
        expect(told(await exported(b, join(folder, 'b')))).toEqual(told(carried.objects));
        const { tools } = bundleRig(b.kube, wrap);
        const migration = migrationOf({ transforms, select: { distributionRules: false } });
        const compared = await verifyBundle({ folder: join(folder, 'a'), target: {}, migration }, tools);
        expect(compared.ok && compared.value.differences).toEqual([]);
        expect(compared.ok && compared.value.objects).toHaveLength(carried.objects.length);
      } finally {
        await rm(folder, { recursive: true });
      }
    }),
    { numRuns: 10 },
  );
}, 120_000);
