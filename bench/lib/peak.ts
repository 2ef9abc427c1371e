import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

export interface Watched {
  readonly ms: number;
  /** Most memory that the process had resident, MiB. */
  readonly peakMiB: number;
  readonly stdout: string;
}

const EVERY_MS = 100;

/** The kernel keeps the peak itself; it is read often enough to be there just before the end. */
const peakOf = (pid: number): number => {
  try {
    const [, kib = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kib) / 1024;
  } catch {
    return 0;
  }
};

/** Runs a command that must end well: time, output, and the most memory that it had. */
export const watched = async ([program = '', ...args]: readonly string[]): Promise<Watched> => {
  const begin = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  let peakMiB = 0;
  const timer = setInterval(() => {
    peakMiB = Math.max(peakMiB, peakOf(child.pid ?? 0));
  }, EVERY_MS);
  const [status] = (await once(child, 'close')) as [number | null];
  clearInterval(timer);
  if (status !== 0) {
    const said = Buffer.concat([...stdout, ...stderr])
      .toString()
      .slice(-3000);
    throw new Error(`${program} ${args.join(' ')} ended with ${status}\n${said}`);
  }
  return { ms: performance.now() - begin, peakMiB, stdout: Buffer.concat(stdout).toString() };
};
