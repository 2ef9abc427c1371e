import type { DroverError } from '../core/error.js';
import { err, ok, type Result } from '../core/result.js';
import type { CommandContext } from './command.js';

const noValue = (message: string): Result<never, DroverError> =>
  err({ code: 'bad-usage', message, state: 'nothing was changed' });

const fromStdin = async (): Promise<Uint8Array> => {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

/**
 * Hidden input at a terminal, all bytes of a pipe otherwise.
 * @param otherwise what to do without a value, told when there is none: `--remove takes a key out`
 */
export const readSecretValue = async (
  name: string,
  otherwise: string,
  { interactive }: CommandContext,
): Promise<Result<Uint8Array, DroverError>> => {
  if (!interactive) {
    const bytes = await fromStdin();
    return bytes.length > 0 ? ok(bytes) : noValue(`there is no value on stdin; ${otherwise}`);
  }
  const { isCancel, password } = await import('@clack/prompts');
  const value = await password({ message: `Value of ${name}`, output: process.stderr });
  return isCancel(value) || value === '' ? noValue('no value was given') : ok(Buffer.from(value));
};
