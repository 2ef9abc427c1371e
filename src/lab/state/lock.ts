import { createHash } from 'node:crypto';
import { connect, createServer, type Server } from 'node:net';
import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { printable } from '../../core/text.js';
import { labError } from '../errors.js';

export interface Lock {
  release(): Promise<void>;
}

/**
 * Abstract sockets vanish with their owner, so a killed command never leaves a stale lock. They belong to the
 * network namespace of the caller: every locking command runs in the machine's own.
 */
const socketName = (subject: string): string =>
  `\0drover-lock-${createHash('sha256').update(subject).digest('hex').slice(0, 24)}`;

const listen = (name: string, holder: string): Promise<Server | undefined> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.end(holder);
    });
    server.once('error', (problem: NodeJS.ErrnoException) => {
      if (problem.code === 'EADDRINUSE') resolve(undefined);
      else reject(problem);
    });
    server.listen(name, () => resolve(server));
  });

const askHolder = (name: string): Promise<string> =>
  new Promise((resolve) => {
    let text = '';
    const socket = connect(name);
    socket.setTimeout(500, () => socket.destroy());
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(printable(text)));
  });

/**
 * Takes the lock on `subject` (a path), or fails with `lab-busy` naming who holds it.
 * @param purpose what the holder is doing, shown to others: "lab up keybuzz"
 */
export const lock = async (subject: string, purpose: string): Promise<Result<Lock, DroverError>> => {
  const name = socketName(subject);
  const server = await listen(name, `\`drover ${purpose}\`, process ${process.pid}`);
  if (server === undefined) {
    const holder = await askHolder(name);
    return err(
      labError('lab-busy', `The lab is being changed by ${holder || 'another process'}`, {
        hint: 'wait for it to end, or interrupt it',
      }),
    );
  }
  server.unref();
  return ok({ release: () => new Promise((resolve) => server.close(() => resolve())) });
};

/** Runs `work` while holding the lock. */
export const withLock = async <T>(
  subject: string,
  purpose: string,
  work: () => Promise<Result<T, DroverError>>,
): Promise<Result<T, DroverError>> => {
  const held = await lock(subject, purpose);
  if (!held.ok) return held;
  try {
    return await work();
  } finally {
    await held.value.release();
  }
};
