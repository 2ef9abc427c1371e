import type { ParsedArguments } from './command.js';

/** Lets a command take its spec as an argument too: `config validate FILE` means `config validate -f FILE`. */
export const withFile = (args: ParsedArguments): ParsedArguments => {
  const [file] = args.positionals;
  return file === undefined ? args : { ...args, flags: { ...args.flags, file } };
};
