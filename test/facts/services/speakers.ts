import { createServer, type Server, type Socket } from 'node:net';

/** What a server says when somebody connects, and when it hears something. */
export interface Speaker {
  readonly greets?: Buffer;
  readonly answers?: (heard: Buffer) => Buffer | undefined;
  /** Ends the connection when it has heard something. */
  readonly closes?: boolean;
}

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

/** The first words of real servers, byte by byte. */
export const speakers = {
  postgresTls: {
    answers: (heard) => (heard.equals(bytes('\0\0\0\x08\x04\xd2\x16\x2f')) ? bytes('S') : bytes('E')),
  },
  postgres: { answers: () => bytes('N') },
  redis: { answers: (heard) => (heard.toString() === 'PING\r\n' ? bytes('+PONG\r\n') : bytes('-ERR\r\n')) },
  redisPassword: { answers: () => bytes('-NOAUTH Authentication required.\r\n') },
  redisProtected: { greets: bytes('-DENIED Redis is running in protected mode\r\n') },
  rabbitmq: {
    answers: (heard) =>
      heard.equals(bytes('AMQP\0\0\x09\x01'))
        ? bytes('\x01\0\0\0\0\x01\xf4\0\x0a\0\x0a')
        : bytes('AMQP\0\0\x09\x01'),
  },
  mysql: { greets: bytes('\x5b\0\0\0\x0a11.8.3-MariaDB\0') },
  mysqlBlocked: { greets: bytes("\x60\0\0\0\xff\x69\x04Host '10.0.0.1' is blocked") },
  web: {
    answers: (heard) =>
      heard.toString().startsWith('GET /ready HTTP/1.0\r\n')
        ? bytes('HTTP/1.1 200 OK\r\n\r\nok')
        : bytes('HTTP/1.1 404 Not Found\r\n\r\n'),
  },
  closing: { closes: true },
  silent: {},
} satisfies Record<string, Speaker>;

export interface Speaking {
  readonly port: number;
  readonly close: () => Promise<void>;
}

const hear = (socket: Socket, { greets, answers, closes = false }: Speaker): void => {
  socket.on('error', () => undefined);
  if (greets !== undefined) socket.write(greets);
  socket.on('data', (heard) => {
    const said = answers?.(heard);
    if (said !== undefined) socket.write(said);
    if (closes) socket.end();
  });
};

const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

/** Listens on a free port of the loopback. */
export const speak = async (speaker: Speaker): Promise<Speaking> => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    hear(socket, speaker);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: portOf(server),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
};
