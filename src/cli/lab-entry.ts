import type { DroverError } from '../core/error.js';
import { printable } from '../core/text.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Who asks to enter: the user of this process. */
export interface Entrant {
  readonly uid: number;
  readonly gid: number;
}

export const entrant = (): Entrant => ({ uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 });

/** Entering a namespace takes root; the work itself is done as the invoking user. Nothing secret is in these words. */
export const entryCommand = (
  netns: string,
  { uid, gid }: Entrant,
  words: readonly string[],
): readonly string[] => {
  const enter = ['nsenter', `--net=/run/netns/${netns}`, '--'];
  if (uid === 0) return [...enter, ...words];
  const drop = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--init-groups', '--'];
  return ['sudo', '-n', '-E', '--', ...enter, ...drop, ...words];
};

/**
 * Whether sudo lets this user enter, asked before anything runs: its own words say neither which lab is meant nor how
 * to go on. Undefined when it does.
 */
export const entryRefusal = async (
  lab: { readonly name: string; readonly netns: string },
  user: Entrant,
  env: Environment,
): Promise<DroverError | undefined> => {
  if (user.uid === 0) return undefined;
  // Loaded only here: every command with --lab passes this way, and root's go on at once.
  const { execa } = await import('execa');
  const [program = '', ...args] = entryCommand(lab.netns, user, ['true']);
  const asked = await execa(program, args, { reject: false, stdin: 'ignore', env });
  if (asked.exitCode === 0) return undefined;
  const cause = printable(asked.stderr.trim() || asked.shortMessage || 'sudo said nothing');
  return {
    code: 'no-lab-entry',
    message: `entering the network of lab ${lab.name} takes root, and sudo did not give it`,
    cause,
    state: 'nothing was done',
    hint: 'run the same command with `sudo`, or allow sudo without a password; machines of your own need neither: leave out --lab',
  };
};
