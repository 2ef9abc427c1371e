import type { Style } from '../report/style.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** What is known about one of the process's streams. */
export interface StreamFacts {
  readonly isTTY: boolean;
  readonly columns: number | undefined;
}

export type ColorWhen = 'auto' | 'always' | 'never';

const isSet = (value: string | undefined): boolean => value !== undefined && value !== '';

/** NO_COLOR and FORCE_COLOR as their conventions say; a flag wins over both. */
const wantsColor = (when: ColorWhen, stream: StreamFacts, env: Environment): boolean => {
  if (when !== 'auto') return when === 'always';
  if (isSet(env['NO_COLOR'])) return false;
  if (isSet(env['FORCE_COLOR'])) return env['FORCE_COLOR'] !== '0' && env['FORCE_COLOR'] !== 'false';
  return stream.isTTY && env['TERM'] !== 'dumb';
};

/** Consoles and locales that are known to lack symbols beyond ASCII. */
const hasUnicode = (env: Environment): boolean => {
  if (env['TERM'] === 'linux' || env['TERM'] === 'dumb') return false;
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find(isSet);
  return locale === undefined || !/^(C|POSIX)$/.test(locale);
};

const MIN_COLUMNS = 40;
/** Width of text that goes to a file or pipe. */
const FILE_COLUMNS = 100;
/** Wider lines are hard to read. */
const MAX_COLUMNS = 120;

export const styleOf = (stream: StreamFacts, when: ColorWhen, env: Environment): Style => ({
  color: wantsColor(when, stream, env),
  unicode: hasUnicode(env),
  columns: Math.max(MIN_COLUMNS, Math.min(MAX_COLUMNS, stream.columns ?? FILE_COLUMNS)),
});

const isCi = (env: Environment): boolean => isSet(env['CI']) && env['CI'] !== 'false';

/** May stderr be redrawn in place. */
export const isLive = (stream: StreamFacts, env: Environment): boolean =>
  stream.isTTY && !isCi(env) && env['TERM'] !== 'dumb';

/** May questions be asked. Not derived from colour: NO_COLOR says nothing about who is there. */
export const isInteractive = (
  streams: { readonly stdin: StreamFacts; readonly stderr: StreamFacts },
  env: Environment,
  noInput: boolean,
): boolean => !noInput && streams.stdin.isTTY && streams.stderr.isTTY && !isCi(env);
