import { describe, expect, it } from 'vitest';
import { unclearNetwork } from '../../../../src/app/cluster/network/unclear.js';
import { FLANNEL, specOf, worldIn } from '../../../plan/network/model.js';

const asked = specOf({ cni: { name: 'lab' } });

describe('a change of the network of which not everything was seen', () => {
  it('is refused, with the host that nobody saw', () => {
    const world = worldIn(FLANNEL);
    const [, second = ''] = world.hosts.keys();
    const hosts = new Map([...world.hosts].filter(([name]) => name !== second));
    expect(unclearNetwork(asked, { ...world, hosts })).toMatchObject({
      code: 'network-unclear',
      cause: `not seen: ${second}`,
    });
  });

  it('stands in the way of nothing else', () => {
    expect(unclearNetwork(asked, worldIn(FLANNEL))).toBeUndefined();
  });
});
