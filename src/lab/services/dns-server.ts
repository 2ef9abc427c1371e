import { createSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';
import { answer, parseQuery, type Zone } from './dns-message.js';

const reply = (message: Buffer, zone: Zone): Buffer | undefined => {
  const question = parseQuery(message);
  return question === undefined ? undefined : answer(question, zone);
};

const serveUdp = (address: string, zone: Zone): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = createSocket('udp4', (message, peer) => {
      const response = reply(message, zone);
      if (response) socket.send(response, peer.port, peer.address);
    });
    socket.once('error', reject);
    socket.bind(53, address, () => resolve());
  });

/** Over TCP every message is preceded by its length (RFC 1035 §4.2.2). */
const talk = (socket: Socket, zone: Zone): void => {
  let pending = Buffer.alloc(0);
  socket.setTimeout(10_000, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
      const end = 2 + pending.readUInt16BE(0);
      const response = reply(pending.subarray(2, end), zone);
      pending = pending.subarray(end);
      if (response === undefined) return void socket.destroy();
      const length = Buffer.alloc(2);
      length.writeUInt16BE(response.length);
      socket.write(Buffer.concat([length, response]));
    }
  });
};

const serveTcp = (address: string, zone: Zone): Promise<void> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => talk(socket, zone));
    server.once('error', reject);
    server.listen(53, address, () => resolve());
  });

/** Answers DNS on port 53 of the addresses; resolves when all of them listen. */
export const serveDns = async (addresses: readonly string[], zone: Zone): Promise<void> => {
  await Promise.all(addresses.flatMap((address) => [serveUdp(address, zone), serveTcp(address, zone)]));
};
