import { resolve } from 'node:path';
import { editSecret } from '../../app/bundle/secrets.js';
import { bundleTools } from '../../app/bundle/wiring.js';
import type { DroverError } from '../../core/error.js';
import { ok } from '../../core/result.js';
import type { Handler } from '../command.js';
import { readSecretValue } from '../read-secret-value.js';

const usage = (message: string): DroverError => ({
  code: 'bad-usage',
  message,
  state: 'nothing was changed',
});

export const run: Handler = async (args, context) => {
  const [folder = '', secret = '', key = ''] = args.positionals;
  const [namespace = '', name = '', ...more] = secret.split('/');
  if (namespace === '' || name === '' || more.length > 0)
    return { errors: [usage(`a Secret is written as NAMESPACE/NAME, not ${secret}`)] };
  const tools = await bundleTools(context);
  if (!tools.ok) return { errors: [tools.error] };
  const value =
    args.flags['remove'] === true
      ? ok(undefined)
      : await readSecretValue(`${key} in ${secret}`, '--remove takes a key out', context);
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
