import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A proxy on this machine that passes connections on. */
export interface Proxy extends AsyncDisposable {
  /** `127.0.0.1:PORT`. */
  readonly place: string;
  /** Where connections were asked for, with the credentials that came along. */
  readonly asked: readonly { readonly target: string; readonly credentials?: string }[];
}

const join = (one: Socket, other: Socket): void => {
  one.pipe(other).pipe(one);
  for (const [here, there] of [
    [one, other],
    [other, one],
  ] as const) {
    here.on('error', () => there.destroy());
    here.on('close', () => there.destroy());
  }
};

const started = async (server: Server, asked: Proxy['asked']): Promise<Proxy> => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    place: `127.0.0.1:${port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** An HTTP proxy; with `refusal` it answers every CONNECT with that status. */
export const httpProxy = (refusal?: number): Promise<Proxy> => {
  const asked: { target: string; credentials?: string }[] = [];
  const server = createServer();
  server.on('connect', ({ url = '', headers }: IncomingMessage, client: Socket) => {
    const credentials = headers['proxy-authorization'];
    asked.push({ target: url, ...(credentials === undefined ? {} : { credentials }) });
    if (refusal !== undefined) {
      client.end(`HTTP/1.1 ${refusal} No\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const [host = '', port = ''] = url.split(':');
    const target = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      join(client, target);
    });
    target.on('error', () => client.destroy());
  });
  return started(server, asked);
};
