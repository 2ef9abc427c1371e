import { resolve } from 'node:path';
import { verifyBundle } from '../app/bundle/verify-bundle.js';
import { bundleTools } from '../app/bundle/wiring.js';
import { ok } from '../core/result.js';
import type { Handler } from './command.js';
import { growFrugally } from './frugal-heap.js';
import { accessOf } from './kube-flags.js';
import { textFlag } from './lab-context.js';
import { readMigration } from './load-migration.js';

/** `drover verify --bundle DIR`: the target of a migration against its bundle. */
export const compareBundle: Handler = async (args, context) => {
  const { flags } = args;
  const file = textFlag(flags, 'file');
  const migration = file === undefined ? ok(undefined) : await readMigration(file, context);
  if (!migration.ok) return { errors: migration.error };
  growFrugally();
  const tools = await bundleTools(context);
  if (!tools.ok) return { errors: [tools.error] };
  const folder = resolve(context.cwd, textFlag(flags, 'bundle') ?? '');
  const target = accessOf(args, context, migration.value?.spec.target);
  const { stateDir } = context.paths;
  const request = { folder, target, migration: migration.value, stateDir };
  const compared = await verifyBundle(request, tools.value);
  if (!compared.ok) return { errors: compared.error };
  if (flags['output'] === 'json') context.print(`${JSON.stringify(compared.value, null, 2)}\n`);
  return { exit: compared.value.differences.length > 0 ? 'verification-failed' : 'ok' };
};
