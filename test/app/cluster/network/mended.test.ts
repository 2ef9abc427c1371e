import { describe, expect, it } from 'vitest';
import { mendedByChange } from '../../../../src/app/cluster/network/mended.js';
import { healthyFacts } from '../../../diagnosis/fixtures/healthy.js';
import { FLANNEL, type Model, SHAPE, specOf, worldIn } from '../../../plan/network/model.js';

/** K3s has let go of Flannel, and nobody has brought another network. */
const NONE: Model = { ...FLANNEL, backends: ['none', 'none', 'none'], policies: false };

const mended = (model: Model, cni: string) => {
  const { hosts } = worldIn(model);
  // Plans are objected to by what hosts tell, before the API is asked.
  const facts = { ...healthyFacts(SHAPE), hosts: [...hosts.values()], kubernetes: undefined };
  return mendedByChange({ cluster: specOf({ cni: { name: cni } }), only: 'network' }, facts);
};

describe('what a plan of a network mends does not stand in its way', () => {
  it('is nothing where the network that runs is the asked one', () => {
    expect(mended(FLANNEL, 'flannel')).toEqual([]);
  });

  it('is what a half-done change leaves where another network is asked for', () => {
    expect(mended(FLANNEL, 'lab')).toContain('several-networks');
  });

  it('is the lack of a network where one is asked for', () => {
    expect(mended(NONE, 'lab')).toContain('no-cluster-network');
    expect(mended(NONE, 'lab')).not.toContain('vxlan-device-stale');
  });

  it('is its own device, too, where Flannel comes back', () => {
    expect(mended(NONE, 'flannel')).toEqual(
      expect.arrayContaining(['no-cluster-network', 'vxlan-device-stale']),
    );
  });

  it('is nothing where nobody is asked to bring a network', () => {
    expect(mended(NONE, 'none')).toEqual([]);
  });
});
