import { expect, it } from 'vitest';
import type { LiveSet } from '../../src/steps/sets/live-set.js';
import { checkSets } from '../../src/verify/sets.js';

const object = (key: string, verdict: LiveSet['objects'][number]['verdict']) => ({
  key,
  verdict,
  ref: null,
  diff: [],
  conflicts: [],
});
const set = (name: string, part: Partial<LiveSet>): LiveSet => ({
  name,
  digest: '',
  objects: [],
  unready: [],
  ...part,
});

it('passes sets of which nothing is left to do, and says of the others what is', () => {
  const kept = [object('shop/ConfigMap/a', 'keep')];
  const seen = [
    set('application/shop/web', { objects: kept }),
    set('application/shop/api', { objects: [...kept, object('shop/Deployment.apps/api', 'update')] }),
    set('ingress/traefik', {
      objects: kept,
      unready: ['traefik/DaemonSet.apps/traefik: 1 of 2 pods are ready'],
    }),
    set('chart/old/old', { objects: [object('old/ConfigMap/x', 'prune')] }),
  ];
  const results = checkSets(seen, ['application/shop/web', 'application/shop/api', 'ingress/traefik']);
  expect(results.map(({ status, node, detail }) => [status, node, detail])).toEqual([
    ['pass', 'application/shop/web', '1 object, all ready'],
    ['fail', 'application/shop/api', 'not as rendered: shop/Deployment.apps/api'],
    ['fail', 'ingress/traefik', 'traefik/DaemonSet.apps/traefik: 1 of 2 pods are ready'],
    ['fail', 'chart/old/old', 'wanted no more, but there: old/ConfigMap/x'],
  ]);
});
