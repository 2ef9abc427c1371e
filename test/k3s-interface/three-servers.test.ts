import { afterAll, beforeAll, describe } from 'vitest';
import type { Bed } from './rig.js';
import { makeHosts, startCluster } from './three-servers/hosts.js';
import { joining } from './three-servers/joining.js';
import { leaving } from './three-servers/leaving.js';
import { networks, startNetworks } from './three-servers/networks.js';

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
