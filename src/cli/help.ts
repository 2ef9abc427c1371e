import { EXIT, EXIT_MEANING, type ExitReason } from '../core/exit-codes.js';
import type { Argument, Command, Flag } from './command.js';
import { flagUsage, globalFlags } from './flags.js';
import { groups } from './groups.js';

/** Exit reasons that every command has. */
const ALWAYS: readonly ExitReason[] = ['ok', 'failure', 'usage', 'interrupted', 'terminated'];

type Row = readonly [left: string, right: string];

const rows = (list: readonly Row[]): string => {
  const width = Math.max(...list.map(([left]) => left.length));
  return list.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`.trimEnd()).join('\n');
};

const section = (title: string, list: readonly Row[]): readonly string[] =>
  list.length === 0 ? [] : [`${title}:\n${rows(list)}`];

export const argumentUsage = ({ name, required, variadic }: Argument): string => {
  const text = `${name.toUpperCase()}${variadic === true ? '…' : ''}`;
  return required ? text : `[${text}]`;
};

/** `drover lab up [flags]` … the usage line of a command. */
export const usage = (command: Command): string =>
  ['drover', command.name, ...command.arguments.map(argumentUsage), '[flags]'].join(' ');

/** Text of a flag with its choices, default and environment variable. */
export const flagText = (flag: Flag): string => {
  const parts = [flag.summary];
  const file = flag.orFile === undefined ? [] : [`FILE${flag.orFile}`];
  if (flag.choices !== undefined) parts.push(`(${[...flag.choices, ...file].join(', ')})`);
  if (flag.default !== undefined) parts.push(`[default ${flag.default}]`);
  if (flag.repeatable === true) parts.push('[repeatable]');
  if (flag.env !== undefined) parts.push(`[env ${flag.env}]`);
  return parts.join(' ');
};

const flagRow = (flag: Flag): Row => [
  `${flag.short === undefined ? '    ' : `-${flag.short}, `}${flagUsage(flag)}`,
  flagText(flag),
];

const HELP_ROW: Row = ['-h, --help', 'Show this help'];

/** Exit codes a command can end with, in the order of their numbers. */
export const exitsOf = (command: Command): readonly ExitReason[] =>
  (Object.keys(EXIT) as ExitReason[])
    .filter((reason) => ALWAYS.includes(reason) || command.exits.includes(reason))
    .sort((a, b) => EXIT[a] - EXIT[b]);

const exitRow = (reason: ExitReason): Row => [String(EXIT[reason]), EXIT_MEANING[reason]];

export const commandHelp = (command: Command): string =>
  [
    `${command.summary}\n\nUsage: ${usage(command)}`,
    ...(command.description === undefined ? [] : [command.description]),
    ...section(
      'Arguments',
      command.arguments.map((argument) => [argumentUsage(argument), argument.summary]),
    ),
    ...section('Flags', [...command.flags.map(flagRow), HELP_ROW]),
    ...section('Global flags', globalFlags.map(flagRow)),
    ...(command.examples.length === 0
      ? []
      : [
          `Examples:\n${command.examples.map(({ command: line, text }) => `  # ${text}\n  ${line}`).join('\n')}`,
        ]),
    ...section('Exit codes', exitsOf(command).map(exitRow)),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');

const commandRow = ({ name, summary }: Command): Row => [name, summary];

export const groupHelp = (path: string, commands: readonly Command[]): string =>
  [
    `${groups[path] ?? ''}\n\nUsage: drover ${path} COMMAND [flags]`,
    ...section('Commands', commands.filter(({ name }) => name.startsWith(`${path} `)).map(commandRow)),
    `drover ${path} COMMAND --help shows one command with its flags, examples and exit codes.\n`,
  ].join('\n\n');

/** Commands of the top level, and one line per group. */
const topLevel = (commands: readonly Command[]): readonly Row[] => {
  const seen = new Set<string>();
  return commands.flatMap((command): readonly Row[] => {
    const group = command.name.includes(' ') ? (command.name.split(' ')[0] ?? '') : undefined;
    if (group === undefined) return [commandRow(command)];
    if (seen.has(group)) return [];
    seen.add(group);
    return [[`${group} …`, groups[group] ?? '']];
  });
};

export const rootHelp = (commands: readonly Command[]): string =>
  [
    'Drover measures plain virtual machines before they become a Kubernetes cluster, and says which cluster network can work on them.',
    'Usage: drover COMMAND [flags]',
    ...section('Commands', topLevel(commands)),
    ...section('Global flags', [
      ...globalFlags.map(flagRow),
      HELP_ROW,
      ['-V, --version', 'Show the version'],
    ]),
    ...section('Exit codes', (Object.keys(EXIT) as ExitReason[]).map(exitRow)),
    'First minute, without any file:\n  drover doctor root@10.0.0.100 root@10.0.0.110\n\ndrover COMMAND --help shows one command with its flags, examples and exit codes.\n',
  ].join('\n\n');
