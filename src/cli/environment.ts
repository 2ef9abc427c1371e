import type { DroverError } from '../core/error.js';
import { err, ok, type Result } from '../core/result.js';
import { sentence } from '../core/text.js';
import type { Flag, ParsedArguments } from './command.js';

type FlagValue = ParsedArguments['flags'][string];
type Environment = Readonly<Record<string, string | undefined>>;

const complain = (flag: Flag, message: string): DroverError => ({
  code: 'bad-environment',
  message: `${flag.env ?? ''}: ${message}`,
  hint: `unset the variable, or give --${flag.name}, which wins over it`,
});

const readSwitch = (flag: Flag, raw: string): Result<FlagValue, DroverError> => {
  if (/^(1|true|yes|on)$/i.test(raw)) return ok(true);
  if (/^(0|false|no|off)$/i.test(raw)) return ok(undefined);
  return err(complain(flag, `'${raw}' is neither true nor false`));
};

/** Whether a value is one of the flag's choices, where it has some, or the file name that it takes beside them. */
const isAllowed = ({ choices, orFile }: Flag, raw: string): boolean =>
  choices === undefined || choices.includes(raw) || (orFile !== undefined && raw.endsWith(orFile));

/** A flag of the leading command (`plan`) takes the value of its namesake in a longer one (`plan show`). */
const misplaced = (flag: Flag, value: string): DroverError => ({
  code: 'bad-usage',
  message: `--${flag.name}: '${value}' is not one of ${sentence(flag.choices ?? [], 99)}`,
  state: 'nothing was done',
});

const readValue = (flag: Flag, raw: string): Result<FlagValue, DroverError> => {
  if (!isAllowed(flag, raw)) {
    return err(complain(flag, `'${raw}' is not one of ${sentence(flag.choices ?? [], 99)}`));
  }
  return ok(flag.repeatable === true ? raw.split(',').map((part) => part.trim()) : raw);
};

/** Value of a flag's environment variable; an empty variable counts as not set. */
const fromEnvironment = (flag: Flag, env: Environment): Result<FlagValue, DroverError> => {
  const raw = flag.env === undefined ? undefined : env[flag.env];
  if (raw === undefined || raw === '') return ok(undefined);
  return flag.value === undefined ? readSwitch(flag, raw) : readValue(flag, raw);
};

/** Fills what the command line left open: flag > environment > default. */
export const completeFlags = (
  flags: readonly Flag[],
  given: ParsedArguments['flags'],
  env: Environment,
): Result<ParsedArguments['flags'], DroverError> => {
  const complete: Record<string, FlagValue> = { ...given };
  for (const flag of flags) {
    const asked = given[flag.name];
    if (typeof asked === 'string' && !isAllowed(flag, asked)) return err(misplaced(flag, asked));
    if (asked !== undefined) continue;
    const value = fromEnvironment(flag, env);
    if (!value.ok) return value;
    complete[flag.name] = value.value ?? flag.default;
  }
  return ok(complete);
};
