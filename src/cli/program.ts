import {
  Argument as CommanderArgument,
  Command as CommanderCommand,
  CommanderError,
  Option,
} from 'commander';
import type { DroverError } from '../core/error.js';
import type { Command, Flag, ParsedArguments } from './command.js';
import { completeFlags } from './environment.js';
import { globalFlags } from './flags.js';
import { commandHelp, groupHelp, rootHelp } from './help.js';

/** What a command line asks for. */
export type Invocation =
  | { readonly kind: 'run'; readonly command: Command; readonly args: ParsedArguments }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'version' }
  | { readonly kind: 'usage'; readonly error: DroverError };

type Environment = Readonly<Record<string, string | undefined>>;

/** The option in Commander's notation: `<VALUE>` must be given, `[VALUE]` may be left out. */
const optionOf = (flag: Flag): Option => {
  const name = flag.short === undefined ? `--${flag.name}` : `-${flag.short}, --${flag.name}`;
  const value = flag.optionalValue === true ? ` [${flag.value ?? ''}]` : ` <${flag.value ?? ''}>`;
  const option = new Option(flag.value === undefined ? name : name + value);
  if (flag.choices !== undefined) option.choices(flag.choices);
  const { orFile } = flag;
  const choose = option.parseArg;
  if (orFile !== undefined && choose !== undefined)
    option.argParser((given: string, before: unknown) =>
      given.endsWith(orFile) ? given : choose(given, before),
    );
  if (flag.repeatable === true) {
    option.argParser((given: string, before: readonly string[] | undefined) => [...(before ?? []), given]);
  }
  return option;
};

/** `runs` reads the flags of `runs show` first: what it may not have itself may be right there. */
const withoutChoices = ({ choices: _, orFile: __, ...flag }: Flag): Flag => flag;

/** A value that no choice allows, in Commander's words. */
const wrongChoice = (
  flags: readonly Flag[],
  values: Readonly<Record<string, unknown>>,
): CommanderError | undefined => {
  for (const flag of flags) {
    const option = optionOf(flag);
    const value = values[option.attributeName()];
    if (flag.choices === undefined || typeof value !== 'string' || flag.choices.includes(value)) continue;
    if (flag.orFile !== undefined && value.endsWith(flag.orFile)) continue;
    const allowed = `Allowed choices are ${flag.choices.join(', ')}.`;
    const message = `error: option '${option.flags}' argument '${value}' is invalid. ${allowed}`;
    return new CommanderError(1, 'commander.invalidArgument', message);
  }
  return undefined;
};

const argumentsOf = (command: Command): CommanderArgument[] =>
  command.arguments.map(({ name, required, variadic }) => {
    const text = variadic === true ? `${name}...` : name;
    return new CommanderArgument(required ? `<${text}>` : `[${text}]`);
  });

/** Commander knows `--no-x` as x = false and `--lab` without a name as true; Drover's flags have their own names. */
const readFlags = (
  flags: readonly Flag[],
  values: Readonly<Record<string, unknown>>,
): ParsedArguments['flags'] => {
  const read: Record<string, ParsedArguments['flags'][string]> = {};
  for (const flag of flags) {
    const option = optionOf(flag);
    const value = values[option.attributeName()];
    if (option.negate) read[flag.name] = value === false ? true : undefined;
    else if (value !== false) read[flag.name] = value as ParsedArguments['flags'][string];
  }
  return read;
};

const positionalsOf = (parsed: CommanderCommand): string[] =>
  parsed.processedArgs.flat().filter((value): value is string => typeof value === 'string');

const quiet = (program: CommanderCommand, help: () => string): CommanderCommand => {
  program.exitOverride().helpCommand(false).showSuggestionAfterError(true);
  program.helpOption('-h, --help');
  program.helpInformation = help;
  return program;
};

/** The node for a command's leading words (`lab` of `lab up`), made when it is missing. */
const groupOf = (
  root: CommanderCommand,
  words: readonly string[],
  commands: readonly Command[],
): CommanderCommand => {
  let node = root;
  for (const [index, word] of words.entries()) {
    const known = node.commands.find((child) => child.name() === word);
    const path = words.slice(0, index + 1).join(' ');
    node = known ?? node.command(word);
    if (known === undefined) quiet(node, () => groupHelp(path, commands));
  }
  return node;
};

const usageError = (error: CommanderError, command: string): DroverError => {
  const [message = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const meant = /Did you mean (?:one of )?(.*)\?/.exec(rest.join(' '))?.[1];
  return {
    code: 'bad-usage',
    message,
    state: 'nothing was done',
    hint: meant === undefined ? `see: ${command} --help` : `did you mean ${meant}?`,
  };
};

/** Whose help an error should point to: the longest run of leading words that names a command or group. */
const nearest = (argv: readonly string[], commands: readonly Command[]): string => {
  const words = argv.filter((word) => !word.startsWith('-'));
  const known = words.filter((_, index) => {
    const path = words.slice(0, index + 1).join(' ');
    return commands.some(({ name }) => name === path || name.startsWith(`${path} `));
  });
  return ['drover', ...known].join(' ');
};

/** Reads a command line (without node and script). Pure but for the environment handed in. */
export const parseCommandLine = (
  argv: readonly string[],
  commands: readonly Command[],
  env: Environment,
): Invocation => {
  let chosen: Invocation | undefined;
  let help = '';
  const root = quiet(new CommanderCommand('drover'), () => rootHelp(commands));
  root.configureOutput({ writeOut: (text) => (help += text), writeErr: () => undefined });
  for (const flag of globalFlags) root.addOption(optionOf(flag));
  root.version('', '-V, --version');

  for (const command of commands) {
    const words = command.name.split(' ');
    const node = groupOf(root, words.slice(0, -1), commands).command(words.at(-1) ?? '');
    quiet(node, () => commandHelp(command));
    for (const argument of argumentsOf(command)) node.addArgument(argument);
    const isGroup = commands.some(({ name }) => name.startsWith(`${command.name} `));
    for (const flag of command.flags)
      node.addOption(isGroup ? optionOf(withoutChoices(flag)) : optionOf(flag));
    node.allowExcessArguments(false).action(() => {
      const flags = [...globalFlags, ...command.flags];
      const wrong = wrongChoice(command.flags, node.optsWithGlobals());
      if (wrong !== undefined) {
        chosen = { kind: 'usage', error: usageError(wrong, `drover ${command.name}`) };
        return;
      }
      const complete = completeFlags(flags, readFlags(flags, node.optsWithGlobals()), env);
      chosen = complete.ok
        ? { kind: 'run', command, args: { positionals: positionalsOf(node), flags: complete.value } }
        : { kind: 'usage', error: complete.error };
    });
  }

  try {
    root.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.version') return { kind: 'version' };
    if (error.exitCode === 0) return { kind: 'help', text: help };
    if (error.code === 'commander.help') return { kind: 'help', text: helpFor(argv, commands) };
    return { kind: 'usage', error: usageError(error, nearest(argv, commands)) };
  }
  return chosen ?? { kind: 'help', text: rootHelp(commands) };
};

/** `drover` and `drover lab` alone show what there is. */
const helpFor = (argv: readonly string[], commands: readonly Command[]): string => {
  const path = nearest(argv, commands).split(' ').slice(1).join(' ');
  return path === '' ? rootHelp(commands) : groupHelp(path, commands);
};
