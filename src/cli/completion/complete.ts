import { RootCommand, type Command as TabCommand } from '@bomb.sh/tab';
import type { Argument, Command, Flag } from '../command.js';
import { globalFlags } from '../flags.js';
import { groups } from '../groups.js';
import { captureLog } from './script.js';

/** Words that exist only at run time. */
export type Candidates = Readonly<Record<NonNullable<Argument['complete']>, readonly string[]>>;

/** Flags whose values are such words. */
const FLAG_KINDS: Readonly<Record<string, keyof Candidates>> = {
  host: 'host',
  lab: 'lab',
  ignore: 'code',
  only: 'code',
};

const addFlag = (node: TabCommand, flag: Flag, candidates: Candidates): void => {
  const kind = FLAG_KINDS[flag.name];
  const values = flag.choices ?? (kind === undefined ? [] : candidates[kind]);
  if (flag.value === undefined || (flag.optionalValue === true && values.length === 0)) {
    if (flag.short === undefined) node.option(flag.name, flag.summary);
    else node.option(flag.name, flag.summary, flag.short);
    return;
  }
  node.option(
    flag.name,
    flag.summary,
    (complete) => values.forEach((value) => complete(value, '')),
    flag.short,
  );
};

const addArgument = (node: TabCommand, argument: Argument, words: readonly string[]): void => {
  node.argument(argument.name, (complete) => words.forEach((word) => complete(word, '')), argument.variadic);
};

const FIRST_ARGUMENT_WORDS: Readonly<Record<string, readonly string[]>> = {
  completion: ['bash', 'zsh', 'fish', 'powershell'],
};

/** What a shell should offer for these words (the last one is being typed), in tab's line format. */
export const completeWords = (
  words: readonly string[],
  commands: readonly Command[],
  candidates: Candidates,
): string => {
  const root = new RootCommand();
  for (const flag of globalFlags) addFlag(root, flag, candidates);
  // tab finds `lab break` only below a command `lab`.
  for (const [group, summary] of Object.entries(groups)) root.command(group, summary);
  for (const command of commands) {
    const node = root.command(command.name, command.summary);
    for (const flag of [...globalFlags, ...command.flags]) addFlag(node, flag, candidates);
    for (const argument of command.arguments) {
      const fixed = FIRST_ARGUMENT_WORDS[command.name] ?? [];
      addArgument(node, argument, argument.complete === undefined ? fixed : candidates[argument.complete]);
    }
  }
  return captureLog(() => root.parse([...words]));
};
