import { connect, type Socket } from 'node:net';

/** A server that has not answered for this long is passed over. */
const DIAL_MS = 1000;

const dial = (host: string, port: number): Promise<Socket | undefined> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true });
    const settle = (result: Socket | undefined): void => {
      clearTimeout(timer);
      if (result === undefined) socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => settle(undefined), DIAL_MS);
    socket.once('connect', () => settle(socket));
    socket.on('error', () => settle(undefined));
  });

const join = (one: Socket, other: Socket): void => {
  one.pipe(other);
  one.on('error', () => other.destroy());
  one.on('close', () => other.destroy());
};

/** Leads connections to the first of several servers that answers. */
export const makeRelay = (servers: readonly string[], port: number) => {
  const open = new Map<string, Set<Socket>>(servers.map((server) => [server, new Set()]));
  let preferred = servers;

  const reach = async (): Promise<{ readonly server: string; readonly socket: Socket } | undefined> => {
    for (const server of preferred) {
      const socket = await dial(server, port);
      if (socket === undefined) continue;
      // The next connection need not find out again who is away.
      preferred = [server, ...servers.filter((other) => other !== server)];
      return { server, socket };
    }
    return undefined;
  };

  return {
    lead: async (client: Socket): Promise<void> => {
      client.on('error', () => client.destroy());
      const reached = await reach();
      if (reached === undefined || client.destroyed) {
        client.destroy();
        reached?.socket.destroy();
        return;
      }
      const { server, socket } = reached;
      open.get(server)?.add(socket);
      socket.on('close', () => open.get(server)?.delete(socket));
      join(client, socket);
      join(socket, client);
      client.resume();
    },
    /** Ends the connections to servers that do not answer any more: one that lost power never says goodbye. */
    endDead: async (): Promise<void> => {
      for (const [server, sockets] of open) {
        if (sockets.size === 0) continue;
        const probe = await dial(server, port);
        probe?.destroy();
        if (probe === undefined) for (const socket of sockets) socket.destroy();
      }
    },
  };
};
