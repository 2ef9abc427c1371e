import { EXIT, EXIT_MEANING, type ExitReason } from '../../core/exit-codes.js';
import type { Command, Flag } from '../command.js';
import { commands } from '../command-list.js';
import { flagUsage, globalFlags } from '../flags.js';
import { argumentUsage, exitsOf, flagText, usage } from '../help.js';

const cell = (text: string): string => text.replaceAll('|', '\\|');

const flagRows = (flags: readonly Flag[]): string =>
  [
    '| flag | meaning |',
    '|---|---|',
    ...flags.map(
      (flag) =>
        `| \`${flag.short === undefined ? '' : `-${flag.short}, `}${flagUsage(flag)}\` | ${cell(flagText(flag))} |`,
    ),
  ].join('\n');

const commandSection = (command: Command): string =>
  [
    `## drover ${command.name}`,
    `${command.summary}.`,
    `    ${usage(command)}`,
    ...(command.description === undefined ? [] : [command.description]),
    ...(command.arguments.length === 0
      ? []
      : [
          command.arguments
            .map((argument) => `- \`${argumentUsage(argument)}\`: ${argument.summary}`)
            .join('\n'),
        ]),
    ...(command.flags.length === 0 ? [] : [flagRows(command.flags)]),
    ...(command.examples.length === 0
      ? []
      : [
          `\`\`\`sh\n${command.examples.map(({ command: line, text }) => `# ${text}\n${line}`).join('\n')}\n\`\`\``,
        ]),
    `Exit codes: ${exitsOf(command)
      .map((reason) => `${EXIT[reason]} ${reason}`)
      .join(' · ')}`,
  ].join('\n\n');

const exitTable = (): string =>
  [
    '| code | meaning |',
    '|---|---|',
    ...(Object.keys(EXIT) as ExitReason[]).map((reason) => `| ${EXIT[reason]} | ${EXIT_MEANING[reason]} |`),
  ].join('\n');

/** docs/commands.md: the same declarations that help and completion come from. */
export const commandsPage = (): string =>
  `${[
    '# Commands',
    'Made from the declarations in `src/cli/commands` by `npm run generate`; a test compares them.',
    'A flag wins over its environment variable, the variable over the spec file, the file over the default. The result goes to stdout, everything else to stderr.',
    '## Global flags',
    flagRows(globalFlags),
    ...commands.map(commandSection),
    '## Exit codes',
    exitTable(),
  ].join('\n\n')}\n`;
