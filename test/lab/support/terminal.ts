import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { expect } from 'vitest';
import { MAIN } from './cli.js';

/** A command of Drover on a pseudo terminal, where it may ask. */
export const onTerminal = (args: readonly string[], cwd: string) => {
  const quoted = [process.execPath, MAIN, ...args].map((word) => `'${word}'`).join(' ');
  const child = execa('script', ['-qefc', `stty cols 200; exec ${quoted}`, '/dev/null'], {
    cwd,
    reject: false,
    stdin: 'pipe',
    env: { CI: 'false' },
  });
  let shown = '';
  child.stdout.on('data', (chunk: Buffer) => {
    shown += stripVTControlCharacters(chunk.toString());
  });
  return {
    /** Waits for a question and answers it. */
    answer: async (question: RegExp, text: string): Promise<void> => {
      await expect.poll(() => shown, { timeout: 300_000, interval: 50 }).toMatch(question);
      child.stdin.write(`${text}\r`);
    },
    /** Status, and what was on the screen. */
    ended: child.then(({ exitCode }) => ({ status: exitCode ?? -1, text: shown })),
  };
};
