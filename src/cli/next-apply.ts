import type { CommandContext, ParsedArguments } from './command.js';
import { listFlag, textFlag } from './lab-context.js';

/** What a saved plan knows of itself, and a plan that is made again has to be told. */
const scopeOf = ({ flags }: ParsedArguments): readonly string[] => {
  const only = textFlag(flags, 'only');
  const image = textFlag(flags, 'image');
  return [
    ...listFlag(flags, 'limit').map((value) => `--limit ${value}`),
    ...(only === undefined ? [] : [`--only ${only}`]),
    ...listFlag(flags, 'ignore').map((value) => `--ignore ${value}`),
    ...(image === undefined ? [] : [`--image ${image}`]),
  ];
};

/**
 * The command that applies what was just shown, and nothing else.
 * @param out file into which the plan was saved
 */
export const nextApply = (
  command: 'apply' | 'restore',
  args: ParsedArguments,
  { realm, out }: { readonly realm: CommandContext['realm']; readonly out: string | undefined },
): string => {
  const spec = textFlag(args.flags, 'file');
  return [
    `drover ${command}`,
    ...(out === undefined ? [] : [out]),
    ...(spec === undefined ? [] : [`-f ${spec}`]),
    ...(args.flags['put-back'] === true ? ['--put-back'] : []),
    ...(out === undefined ? scopeOf(args) : []),
    ...(realm.kind === 'lab' ? [`--lab ${realm.name}`] : []),
  ].join(' ');
};
