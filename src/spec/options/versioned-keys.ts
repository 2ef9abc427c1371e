import semver from 'semver';
import { didYouMean } from '../../core/did-you-mean.js';
import type { OptionProblem } from './option.js';

/** Names that a program reads, and with which versions they came and went. */
export interface VersionedKeys {
  readonly always: readonly string[];
  /** By the version that brought them. */
  readonly since: Readonly<Record<string, readonly string[]>>;
  /** By the version that dropped them. */
  readonly gone: Readonly<Record<string, readonly string[]>>;
  /** The last version that this list was made from; later ones may know more. */
  readonly newest: string;
}

export const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const versionWith = (lists: VersionedKeys['since'], key: string): string | undefined =>
  Object.keys(lists).find((version) => lists[version]?.includes(key) === true);

const minor = (version: string): string => version.replace(/\.\d+$/, '');

type Answer = Pick<OptionProblem, 'severity' | 'message' | 'instead'>;

/** What is wrong with a key in a version of a program; undefined = the program reads it. */
export const judgeKey = (
  keys: VersionedKeys,
  key: string,
  { program, version }: { readonly program: string; readonly version: string },
): Answer | undefined => {
  const came = versionWith(keys.since, key);
  const went = versionWith(keys.gone, key);
  if (went !== undefined && semver.gte(version, went))
    return {
      severity: 'error',
      message: `${program} has no ${key} since ${minor(went)}`,
      instead: 'remove it',
    };
  if (came !== undefined && semver.lt(version, came))
    return {
      severity: 'error',
      message: `${program} has ${key} only from ${minor(came)} on`,
      instead: `remove it, or use cni.version ${minor(came)} or later`,
    };
  if (came !== undefined || keys.always.includes(key)) return undefined;
  const near = didYouMean(key, [...keys.always, ...Object.values(keys.since).flat()]);
  return {
    severity: semver.gt(version, keys.newest) ? 'warning' : 'error',
    message: `${program} has no ${key}: it would be ignored without a word`,
    instead: near === undefined ? 'remove it' : `did you mean ${near}?`,
  };
};
