import { execa } from 'execa';
import type { DroverError } from '../core/error.js';
import { err, ok, type Result } from '../core/result.js';
import { printable } from '../core/text.js';
import { labError } from './errors.js';

export interface ExecOptions {
  /** Text for the program's stdin; without it stdin is empty. */
  readonly input?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Called with every line of output as it comes. */
  readonly onLine?: (line: string) => void;
}

/** What a program printed and how it ended. */
export interface ExecOutput {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const lastLines = (text: string, lines: number): string =>
  printable(text).trim().split('\n').slice(-lines).join('\n');

/** Runs a program of this machine without a shell and returns how it ended, whatever that was. */
export const exec = async (
  file: string,
  args: readonly string[],
  options: ExecOptions = {},
): Promise<ExecOutput> => {
  const child = execa(file, args, {
    reject: false,
    input: options.input ?? '',
    stripFinalNewline: false,
    all: true,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
  });
  if (options.onLine) for await (const line of child.iterable({ from: 'all' })) options.onLine(line);
  const done = await child;
  const stderr = done.exitCode === undefined ? `${done.stderr}${done.shortMessage}` : done.stderr;
  return { status: done.exitCode ?? -1, stdout: done.stdout, stderr };
};

/** Runs a program that is expected to succeed; its stdout, or a `lab-command` error that shows what it printed. */
export const check = async (
  file: string,
  args: readonly string[],
  options: ExecOptions = {},
): Promise<Result<string, DroverError>> => {
  const done = await exec(file, args, options);
  if (done.status === 0) return ok(done.stdout);
  return err(
    labError('lab-command', `\`${file} ${args.slice(0, 6).join(' ')}\` ended with status ${done.status}`, {
      cause: lastLines(done.stderr || done.stdout, 5),
      state: 'unknown; `drover lab down` removes whatever exists',
    }),
  );
};
