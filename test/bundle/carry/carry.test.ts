import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carry } from '../../../src/bundle/carry/carry.js';
import type { KubeObject } from '../../../src/core/ports/kube.js';
import { type Transform, transformSchema } from '../../../src/spec/schema/transforms.js';
import { namespace, object, secret } from '../support/objects.js';

const parse = (...transforms: readonly object[]): readonly Transform[] =>
  transforms.map((each) => transformSchema.parse(each));
const from = (...objects: readonly KubeObject[]) =>
  objects.map((each, index) => ({ object: each, uid: `uid-${index}` }));
const move = { change: 'namespace', from: 'shop', to: 'store' };
const deployment = object('apps/v1', 'Deployment', 'web', {
  spec: { replicas: 2, template: { spec: { containers: [{ name: 'web', image: 'nginx:1' }] } } },
});

describe('carrying', () => {
  it('keys objects as the target will have them and keeps the UIDs of the source', () => {
    const { objects, changed } = carry({
      objects: from(namespace('shop'), secret('token', { a: 'b' })),
      inputs: [],
      transforms: parse(move),
      defaults: [],
    });
    expect(objects.map(({ key, uid }) => [key, uid])).toEqual([
      ['Namespace/store', 'uid-0'],
      ['store/Secret/token', 'uid-1'],
    ]);
    expect([...changed].sort()).toEqual(['Namespace/store', 'store/Secret/token']);
    expect(objects[1]?.references.map(({ to }) => to.name)).toEqual(['store']);
  });

  it('counts what each transform changed and reports those of the spec that matched nothing', () => {
    const storage = { change: 'storage-class', from: 'fast', to: 'slow' };
    const { transforms, findings } = carry({
      objects: from(deployment, secret('token', {})),
      inputs: [],
      transforms: parse({ change: 'image-registry', from: 'docker.io', to: 'mirror.example' }, storage),
      defaults: parse(
        { change: 'ingress-class', from: 'traefik', to: 'nginx' },
        { change: 'replicas', to: 1 },
      ),
    });
    expect(transforms.map(({ title, objects, byDefault }) => [title, objects, byDefault])).toEqual([
      ['image-registry docker.io → mirror.example', 1, false],
      ['storage-class fast → slow', 0, false],
      ['replicas → 1', 1, true],
    ]);
    expect(findings).toEqual([
      {
        code: 'transform-unmatched',
        severity: 'warning',
        message: 'storage-class fast → slow matched nothing',
      },
    ]);
  });

  it('lets a Secret from outside stand in place of the one in the bundle', () => {
    const { objects, findings } = carry({
      objects: from(secret('pull', { a: 'old' })),
      inputs: [secret('pull', { a: 'new' })],
      transforms: [],
      defaults: [],
    });
    expect(objects).toHaveLength(1);
    expect(objects[0]).toMatchObject({ object: { data: { a: Buffer.from('new').toString('base64') } } });
    expect(objects[0]).not.toHaveProperty('uid');
    expect(findings).toEqual([]);
  });

  it('says when two objects become one, but joins namespaces', () => {
    const other = { metadata: { namespace: 'blog' } };
    const { objects, findings } = carry({
      objects: from(
        namespace('shop'),
        namespace('blog'),
        secret('same', {}),
        secret('same', {}, other),
        secret('own', {}, other),
      ),
      inputs: [],
      transforms: parse({ change: 'namespace', from: 'blog', to: 'shop' }),
      defaults: [],
    });
    expect(objects.map(({ key }) => key)).toEqual(['Namespace/shop', 'shop/Secret/own', 'shop/Secret/same']);
    expect(findings).toMatchObject([
      { code: 'transform-clash', severity: 'error', object: 'shop/Secret/same' },
    ]);
  });

  it('does not depend on the order of the objects', () => {
    const objects = [namespace('shop'), deployment, ...['a', 'b', 'c'].map((name) => secret(name, { name }))];
    const input = { inputs: [], transforms: parse(move), defaults: [] };
    const expected = carry({ ...input, objects: from(...objects) }).objects.map(({ key, object: o }) => ({
      key,
      o,
    }));
    fc.assert(
      fc.property(fc.shuffledSubarray(objects, { minLength: objects.length }), (shuffled) => {
        const { objects: done } = carry({ ...input, objects: from(...shuffled) });
        expect(done.map(({ key, object: o }) => ({ key, o }))).toEqual(expected);
      }),
    );
  });
});
