import { expect, it } from 'vitest';
import type { Files } from '../../src/core/ports/files.js';
import { ok } from '../../src/core/result.js';
import { loadMigration } from '../../src/spec/migration.js';

const load = (text: string) => {
  const files: Files = {
    read: async () => Promise.resolve(ok(text)),
    write: () => Promise.reject(new Error('never')),
    exists: async () => Promise.resolve(true),
  };
  return loadMigration({ file: 'moves/m.yaml', cwd: '/w', files, env: {} });
};
const HEAD = 'apiVersion: drover/v1\nkind: Migration\nmetadata: { name: move }\n';

it('fills defaults in and makes paths absolute, beside the file', async () => {
  const loaded = await load(`${HEAD}spec:\n  source: { kubeconfig: a.yaml }\n  secrets: { env: .envrc }\n`);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  expect(loaded.value.spec).toMatchObject({
    source: { kubeconfig: '/w/moves/a.yaml' },
    target: {},
    bundle: '/w/moves/bundle',
    secrets: { env: '/w/moves/.envrc', recipients: [] },
    restore: { existing: 'fail', replicas: 'keep', cronJobs: 'suspend', concurrency: 16 },
    select: { nodePorts: 'own', distributionRules: true },
  });
});

it('tells all problems at once, each with its place and what was probably meant', async () => {
  const loaded = await load(
    `${HEAD}spec:\n  bundel: x\n  transforms:\n    - { change: storage-class, from: a }\n    - { change: image-registri, from: a, to: b }\n  restore: { existing: overwrite }\n`,
  );
  if (loaded.ok) throw new Error('expected errors');
  expect(
    loaded.error.map(({ code, message, location, label }) => [code, message, location?.line, label]),
  ).toMatchInlineSnapshot(`
    [
      [
        "spec-unknown-key",
        "spec has no key "bundel"",
        5,
        "did you mean bundle?",
      ],
      [
        "spec-missing-key",
        "spec.transforms[0].to is missing",
        7,
        undefined,
      ],
      [
        "spec-wrong-value",
        "spec.transforms[1].change: expected namespace, image-registry, storage-class, ingress-class, host-name or 3 more",
        8,
        "did you mean image-registry?",
      ],
      [
        "spec-wrong-value",
        "spec.restore.existing: expected skip, update or fail",
        9,
        undefined,
      ],
    ]
  `);
});

it('refuses a cluster, with its own code', async () => {
  expect(await load('apiVersion: drover/v1\nkind: Cluster\n')).toMatchObject({
    ok: false,
    error: [{ code: 'spec-kind-cluster', location: { line: 2 } }],
  });
});
