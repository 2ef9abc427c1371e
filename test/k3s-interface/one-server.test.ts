import { afterAll, beforeAll } from 'vitest';
import { nodesReady } from './kubectl.js';
import { agents } from './one-server/agents.js';
import { configuration } from './one-server/configuration.js';
import { datastore } from './one-server/datastore.js';
import { end } from './one-server/end.js';
import { makeHosts, startAgent, startServer } from './one-server/hosts.js';
import { startRegistries } from './one-server/registry.js';
import { server } from './one-server/server.js';
import { tokens } from './one-server/tokens.js';
import type { Bed } from './rig.js';

let bed: Bed | undefined;
beforeAll(async () => {
  const made = await makeHosts();
  bed = made;
  await Promise.all([startRegistries(made), startServer(made)]);
  await startAgent(made);
  await nodesReady(made, ['server-1', 'agent-1']);
});
afterAll(() => bed?.[Symbol.asyncDispose]());

const given = (): Bed => {
  if (bed === undefined) throw new Error('the hosts did not come up');
  return bed;
};
configuration(given);
agents(given);
tokens(given);
server(given);
datastore(given);
end(given);
