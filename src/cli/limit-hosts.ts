import type { Subject } from '../app/doctor/subject.js';
import { didYouMean } from '../core/did-you-mean.js';
import type { DroverError, DroverErrors } from '../core/error.js';
import { err, ok, type Result } from '../core/result.js';
import type { ParsedArguments } from './command.js';
import { listFlag } from './lab-context.js';

const unknown = (name: string, known: readonly string[]): DroverError => {
  const near = didYouMean(name, known);
  return {
    code: 'limit-unknown',
    message: `--limit: '${name}' is no host and no role of the spec`,
    state: 'nothing was done',
    hint: near === undefined ? `hosts and roles are ${known.join(', ')}` : `did you mean '${near}'?`,
  };
};

/** The hosts that `--limit HOST|ROLE…` names; undefined when there is no limit. */
export const limitHosts = (
  args: ParsedArguments,
  { hosts }: Subject,
): Result<readonly string[] | undefined, DroverErrors> => {
  const words = listFlag(args.flags, 'limit')
    .flatMap((word) => word.split(','))
    .filter((word) => word !== '');
  if (words.length === 0) return ok(undefined);
  const known = [...hosts.map(({ target }) => target.name), ...new Set(hosts.map(({ role }) => role))];
  const [first, ...others] = words.filter((word) => !known.includes(word));
  if (first !== undefined) return err([unknown(first, known), ...others.map((word) => unknown(word, known))]);
  const chosen = hosts.filter(({ target, role }) => words.includes(target.name) || words.includes(role));
  return ok(chosen.map(({ target }) => target.name));
};
