import { printable } from '../core/text.js';

/** Why Vault's agent does not get on, as its log tells it. */
export interface AgentTrouble {
  /** Path in Vault that it was about; absent = it could not log in. */
  readonly path?: string;
  /** In words; never a value of a secret. */
  readonly why: string;
}

/** Words of Vault, of its agent's template engine and of Go's network library, and what they mean for whoever mends it. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [/no secret exists/, 'there is no such secret'],
  [/Vault is sealed/, 'Vault is sealed'],
  [/invalid role name/, 'Vault has no such role'],
  [/not authorized/, 'the role is not for this service account'],
  [/permission denied/, 'permission denied'],
  [/map has no entry for key \\?"(\w+)/, 'the secret has no such key'],
  [/x509: ([^"\n]*)/, 'its certificate is not trusted'],
  [/connection refused/, 'connection refused'],
  [/no route to host/, 'no route to host'],
  [/i\/o timeout|deadline exceeded|Client\.Timeout/, 'no answer in time'],
  [/no such host/, 'its name is not known'],
  [/server misbehaving/, 'its name cannot be asked for'],
];

/** The beginning of everything that it says about one read, or about its login. */
const BEGINNINGS = /vault\.read\(([^)]*)\)|error authenticating|at <\.Data\.data\.(\w+)>/g;

const meaningOf = (said: string): string => {
  for (const [words, meaning] of MEANINGS) {
    const [, more] = words.exec(said) ?? [undefined, undefined];
    if (words.test(said)) return more === undefined ? meaning : `${meaning}: ${printable(more).trim()}`;
  }
  return 'its log says why';
};

/** The last trouble that a log of the agent tells; undefined = it tells of none. Pure. */
export const agentTrouble = (log: string): AgentTrouble | undefined => {
  const last = [...log.matchAll(BEGINNINGS)].at(-1);
  if (last === undefined) return undefined;
  const [, path] = last;
  const why = meaningOf(log.slice(last.index));
  return path === undefined || path === '' ? { why } : { path: printable(path), why };
};
