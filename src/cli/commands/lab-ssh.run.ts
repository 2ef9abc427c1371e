import { labError } from '../../lab/errors.js';
import { labPaths } from '../../lab/paths.js';
import { labRealm } from '../../lab/realm.js';
import { readState } from '../../lab/state/store.js';
import type { Handler } from '../command.js';
import { textFlag } from '../lab-context.js';
import { entrant, entryCommand, entryRefusal } from '../lab-entry.js';
import { runAs } from '../lab-realm.js';

/** ssh's own status when it could not connect. */
const SSH_FAILED = 255;

export const run: Handler = async (args, context) => {
  const lab = await labRealm(textFlag(args.flags, 'lab'), context.env);
  if (!lab.ok) return { errors: [lab.error] };
  const [host = '', ...command] = args.positionals;
  const paths = labPaths(context.env, lab.value.realm.name);
  const state = await readState(paths);
  const names = state.ok ? (state.value?.hosts ?? []).map((entry) => entry.name) : [];
  if (!names.includes(host)) {
    const message = `The lab '${lab.value.realm.name}' has no host ${host}`;
    return { errors: [labError('lab-host-unknown', message, { hint: `its hosts: ${names.join(', ')}` })] };
  }
  const { realm, netns } = lab.value;
  const user = entrant();
  const refusal = await entryRefusal({ name: realm.name, netns }, user, context.env);
  if (refusal !== undefined) return { errors: [refusal] };
  const words = [
    'ssh',
    '-F',
    paths.sshConfig,
    ...(command.length === 0 ? ['-t'] : []),
    '--',
    host,
    ...command,
  ];
  const ended = await runAs(entryCommand(netns, user, words), { ...process.env });
  if (!ended.ok) {
    return { errors: [labError('lab-command', 'ssh could not be started', { cause: ended.error })] };
  }
  if (ended.value === 0) return { exit: 'ok' };
  return { exit: ended.value === SSH_FAILED ? 'ssh' : 'failure' };
};
