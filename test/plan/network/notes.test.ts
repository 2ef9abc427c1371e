import { describe, expect, it } from 'vitest';
import { changeNotes } from '../../../src/plan/network/notes.js';
import { FLANNEL, specOf, worldIn } from './model.js';

const pods = {
  bare: ['shop/alone'],
  single: ['shop/cart-1'],
  moving: ['shop/alone', 'shop/cart-1', 'shop/web-1', 'shop/web-2'],
  literals: [
    { name: 'shop/web-1', address: '10.42.3.7' },
    { name: 'shop/web-2', address: '192.0.2.1' },
  ],
  onHost: 3,
};
const budget = { namespace: 'shop', name: 'all', allowed: 0, healthy: 1, desired: 1, expected: 1 };
const notes = (network: Record<string, unknown>, way: 'node-by-node' | 'in-place' | 'backend') => {
  const world = worldIn(FLANNEL);
  if (world.cluster === undefined) throw new Error('no cluster');
  const cluster = { ...world.cluster, pods, policies: ['shop/deny'], budgets: [budget] };
  return changeNotes(specOf(network), { ...world, cluster }, way);
};

describe('what a change of network means for what runs', () => {
  it.each(['node-by-node', 'in-place'] as const)('names everybody whom it concerns, %s', (way) => {
    expect(notes({ cni: { name: 'lab' } }, way)).toEqual([
      'disruption budgets that allow no eviction now: shop/all; their pods are waited for',
      'NetworkPolicies: shop/deny; saved, and not enforced while two networks are there',
      'bare pods: shop/alone; saved and made again',
      'one replica alone: shop/cart-1; away while its pod starts again',
      'pods with addresses of pods in their settings: shop/web-1 (10.42.3.7); pods get other addresses, and nobody changes these',
      '3 pods with the network of the host: they stay as they are',
    ]);
  });

  it('lists pods whose packets stay smaller when a tunnel goes and nobody recreates them', () => {
    expect(notes({ cni: { name: 'flannel', mode: 'host-gw' } }, 'backend')).toEqual([
      'packets of pods that run now stay 50 bytes smaller than those of new ones until they are recreated, which hurts nobody: shop/alone, shop/cart-1, shop/web-1 and shop/web-2',
    ]);
    expect(notes({ cni: { name: 'flannel', mode: 'wireguard' } }, 'backend')).toEqual([]);
  });
});
