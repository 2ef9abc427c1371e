import { commands } from './command-list.js';

type Environment = Readonly<Record<string, string | undefined>>;

const FIRST_WORDS = [...new Set(commands.map(({ name }) => name.split(' ')[0] ?? ''))];
/** What may stand before a command: the line's beginning, white space, a quote, a bracket, or the end of a colour code. */
const BEFORE = String.raw`^|(?<!npx)[\s` + '`(]' + String.raw`|\u001b\[[0-9;]*m`;
const COMMAND_LINE = new RegExp(`(${BEFORE})drover (?=(?:${FIRST_WORDS.join('|')})\\b)`, 'gm');

/** npm sets this for whatever it runs: then `drover` alone is most likely not on the user's path. */
const runsThroughNpm = (env: Environment): boolean =>
  ['exec', 'start', 'run', 'run-script', 'test'].includes(env.npm_command ?? '');

/** Makes every command line in a text for people run as it is printed. */
export const runnable = (text: string, env: Environment): string =>
  runsThroughNpm(env) ? text.replace(COMMAND_LINE, '$1npx drover ') : text;
