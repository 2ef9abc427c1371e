import { afterAll, beforeAll, describe } from 'vitest';
import type { Bed } from '../k3s-interface/rig.js';
import { makeHosts, startCluster } from '../k3s-interface/three-servers/hosts.js';
import { joining } from '../k3s-interface/three-servers/joining.js';
import { leaving } from '../k3s-interface/three-servers/leaving.js';
import { networks, startNetworks } from '../k3s-interface/three-servers/networks.js';

let bed: Bed | undefined;
const given = (): Bed => {
  if (bed === undefined) throw new Error('the hosts did not come up');
  return bed;
};
beforeAll(async () => {
  bed = await makeHosts();
});
afterAll(() => bed?.[Symbol.asyncDispose]());

describe('three servers and an agent', () => {
  beforeAll(() => startCluster(given()));
  joining(given);
  leaving(given);
});

describe('other networks on the same hosts, after an uninstall', () => {
  beforeAll(() => startNetworks(given()));
  networks(given);
});
