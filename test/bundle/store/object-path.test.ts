import fc from 'fast-check';
import { expect, it } from 'vitest';
import { objectPath } from '../../../src/bundle/model/object-path.js';

it('is readable for the names that objects usually have', () => {
  expect(objectPath({ group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' })).toBe(
    'namespaces/shop/Deployment.apps/web.yaml',
  );
  expect(objectPath({ group: '', kind: 'Namespace', name: 'shop' })).toBe('cluster/Namespace/shop.yaml');
});

it('tells names apart that a file system may not, and never leaves its folder', () => {
  const name = fc.oneof(
    fc.string(),
    fc.constantFrom('Admin', 'admin', 'a:b', 'a%3Ab', '..', '.', 'x'.repeat(253), 'CON'),
  );
  fc.assert(
    fc.property(name, name, (a, b) => {
      const [one, two] = [a, b].map((each) => objectPath({ group: '', kind: 'Role', name: each }));
      if (a !== b) expect(one?.toLowerCase()).not.toBe(two?.toLowerCase());
      for (const path of [one ?? '', two ?? '']) {
        expect(path.split('/')).toHaveLength(3);
        expect(path.split('/')[2]?.length).toBeLessThanOrEqual(255);
        expect(path).not.toMatch(/\/\.{1,2}(\/|$)/);
      }
    }),
  );
});
