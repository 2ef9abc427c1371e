import { resolve } from 'node:path';
import { editSecret } from '../../app/bundle/secrets.js';
import { bundleTools } from '../../app/bundle/wiring.js';
import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import type { CommandContext, Handler } from '../command.js';

const usage = (message: string): DroverError => ({
  code: 'bad-usage',
  message,
  state: 'nothing was changed',
});

const fromStdin = async (): Promise<Uint8Array> => {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

/** Hidden input at a terminal, all bytes of a pipe otherwise. */
const readValue = async (
  name: string,
  { interactive }: CommandContext,
): Promise<Result<Uint8Array, DroverError>> => {
  if (!interactive) {
    const bytes = await fromStdin();
    return bytes.length > 0 ? ok(bytes) : err(usage('there is no value on stdin; --remove takes a key out'));
  }
  const { isCancel, password } = await import('@clack/prompts');
  const value = await password({ message: `Value of ${name}`, output: process.stderr });
  return isCancel(value) || value === '' ? err(usage('no value was given')) : ok(Buffer.from(value));
};

export const run: Handler = async (args, context) => {
  const [folder = '', secret = '', key = ''] = args.positionals;
  const [namespace = '', name = '', ...more] = secret.split('/');
  if (namespace === '' || name === '' || more.length > 0)
    return { errors: [usage(`a Secret is written as NAMESPACE/NAME, not ${secret}`)] };
  const tools = await bundleTools(context);
  if (!tools.ok) return { errors: [tools.error] };
  const value =
    args.flags['remove'] === true ? ok(undefined) : await readValue(`${key} in ${secret}`, context);
  if (!value.ok) return { errors: [value.error] };
  const edited = await editSecret(
    resolve(context.cwd, folder),
    { namespace, name, key, value: value.value },
    tools.value,
  );
  if (!edited.ok) return { errors: [edited.error] };
  context.print(`${key} of ${secret} is ${value.value === undefined ? 'taken out' : 'changed'} and sealed\n`);
  return { exit: 'ok' };
};
