import { resolve } from 'node:path';
import { checkSecrets } from '../../app/bundle/secrets.js';
import { bundleTools } from '../../app/bundle/wiring.js';
import { count, sentence } from '../../core/text.js';
import type { Handler } from '../command.js';
import { textFlag } from '../lab-context.js';
import { readMigration } from '../load-migration.js';

export const run: Handler = async (args, context) => {
  const file = textFlag(args.flags, 'file');
  const migration = file === undefined ? undefined : await readMigration(file, context);
  if (migration?.ok === false) return { errors: migration.error };
  const [given] = args.positionals;
  const folder =
    given === undefined
      ? (migration?.value.spec.bundle ?? resolve(context.cwd, 'bundle'))
      : resolve(context.cwd, given);
  const tools = await bundleTools(context);
  if (!tools.ok) return { errors: [tools.error] };
  const checked = await checkSecrets(folder, migration?.value, tools.value);
  if (!checked.ok) return { errors: checked.error };
  const { secrets, values, inputs } = checked.value;
  const outside = inputs.length === 0 ? '' : `; from outside: ${sentence(inputs)}`;
  context.print(
    `${folder} is whole: ${count(secrets, 'Secret')} with ${count(values, 'value')}, all of them open${outside}\n`,
  );
  return { exit: 'ok' };
};
