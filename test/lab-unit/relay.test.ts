import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { makeRelay } from '../../src/lab/cluster/relay.js';

const open: (Server | Socket)[] = [];
afterEach(() => {
  for (const each of open.splice(0)) {
    if ('destroy' in each) each.destroy();
    else each.close();
  }
});

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** A server at an address of the loopback that says its name to everybody; all share one port. */
const speaker = async (address: string, port = 0): Promise<Server> => {
  const server = createServer((socket) => {
    open.push(socket);
    // A probe that is satisfied hangs up without a word.
    socket.on('error', () => undefined);
    socket.write(address);
  });
  server.listen(port, address);
  await once(server, 'listening');
  open.push(server);
  return server;
};

const relayTo = async (servers: readonly string[], port: number) => {
  const relay = makeRelay(servers, port);
  const listener = createServer({ pauseOnConnect: true }, (client) => void relay.lead(client));
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  open.push(listener);
  const dial = (): Socket => {
    const socket = connect(portOf(listener), '127.0.0.1');
    open.push(socket);
    return socket;
  };
  return { relay, dial };
};

const firstWord = async (socket: Socket): Promise<string> => {
  const [data] = (await once(socket, 'data')) as [Buffer];
  return data.toString();
};

it('leads to the first server that answers', async () => {
  const second = await speaker('127.0.0.3');
  const { dial } = await relayTo(['127.0.0.2', '127.0.0.3'], portOf(second));
  expect(await firstWord(dial())).toBe('127.0.0.3');
});

it('closes the connection when no server answers', async () => {
  const gone = await speaker('127.0.0.2');
  const port = portOf(gone);
  await new Promise((resolve) => gone.close(resolve));
  const { dial } = await relayTo(['127.0.0.2', '127.0.0.3'], port);
  await once(dial().resume(), 'close');
});

it('ends connections to a server that does not answer any more, and leads the next to another', async () => {
  const first = await speaker('127.0.0.2');
  await speaker('127.0.0.3', portOf(first));
  const { relay, dial } = await relayTo(['127.0.0.2', '127.0.0.3'], portOf(first));
  const held = dial();
  expect(await firstWord(held)).toBe('127.0.0.2');
  await relay.endDead();
  expect(held.closed).toBe(false);
  // The listener goes, the connection stays: as with a server that lost power, nobody says goodbye.
  first.close();
  const ended = once(held, 'close');
  await relay.endDead();
  await ended;
  expect(await firstWord(dial())).toBe('127.0.0.3');
});
