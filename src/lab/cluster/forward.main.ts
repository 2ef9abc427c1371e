import { readFile } from 'node:fs/promises';
import { Server } from 'node:net';
import { forwardConfigSchema } from './forward-config.js';
import { makeRelay } from './relay.js';

/**
 * Program of its own: gets a socket that listens on the machine's loopback from its parent, and connects inside the
 * lab's network namespace, in which it was started. Ended by `lab down`.
 */
const CHECK_MS = 1000;

const { servers, port } = forwardConfigSchema.parse(
  JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')),
);
const relay = makeRelay(servers, port);

process.once('message', (_, listener) => {
  if (!(listener instanceof Server)) throw new Error('no listening socket was handed over');
  listener.on('connection', (client) => {
    client.pause();
    void relay.lead(client);
  });
  setInterval(() => void relay.endDead(), CHECK_MS);
  process.send?.('ready', () => process.disconnect());
});
process.send?.('waiting');
