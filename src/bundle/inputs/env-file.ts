import type { DroverError, SourceLocation } from '../../core/error.js';
import { sourceText } from '../../spec/source/text.js';

/** A variable of a file: its value, or why it has none that can be read without executing the file. */
export type Variable =
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'unreadable'; readonly reason: string; readonly location: SourceLocation };

export interface EnvFile {
  readonly variables: ReadonlyMap<string, Variable>;
  /** Lines that are commands: they were not executed. */
  readonly ignored: readonly SourceLocation[];
}

const ASSIGNMENT = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)=/;

type Read = { readonly end: number } & ({ readonly value: string } | { readonly reason: string });

/** Single quotes: everything up to the next one. */
const readSingle = (text: string, from: number): Read => {
  const end = text.indexOf("'", from + 1);
  return end < 0
    ? { end: text.length, reason: 'a quote is not closed' }
    : { end: end + 1, value: text.slice(from + 1, end) };
};

/** Double quotes: a backslash keeps the next of `"`, `\`, `$` and the backtick; a dollar would be executed by a shell. */
const readDouble = (text: string, from: number): Read => {
  let value = '';
  for (let at = from + 1; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (sign === '"') return { end: at + 1, value };
    if (sign === '$' || sign === '`')
      return { end: lineEnd(text, at), reason: 'it would have to be executed' };
    const next = text[at + 1] ?? '';
    if (sign === '\\' && /["\\$`]/.test(next)) {
      value += next;
      at += 1;
    } else value += sign;
  }
  return { end: text.length, reason: 'a quote is not closed' };
};

const lineEnd = (text: string, from: number): number => {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
};

const readBare = (text: string, from: number): Read => {
  const end = lineEnd(text, from);
  const [word = ''] = /^[^\s;&|<>()'"$`\\]*/.exec(text.slice(from, end)) ?? [];
  return { end: from + word.length, value: word };
};

const readValue = (text: string, from: number): Read => {
  const sign = text[from];
  const read =
    sign === "'" ? readSingle(text, from) : sign === '"' ? readDouble(text, from) : readBare(text, from);
  if ('reason' in read) return read;
  const rest = text.slice(read.end, lineEnd(text, read.end));
  // A comment needs a space before it, as in a shell.
  return /^\s*$|^\s+#/.test(rest)
    ? { end: lineEnd(text, read.end), value: read.value }
    : { end: lineEnd(text, read.end), reason: 'it would have to be executed' };
};

/**
 * Reads `.env` and `.envrc`: assignments with quotes as a shell knows them, over several lines where a quote goes on.
 * Nothing is executed or substituted. Places never carry the text of a line, because it may be secret.
 */
export const parseEnvFile = (file: string, content: string): EnvFile => {
  const source = sourceText(file, content);
  const { text } = source;
  const place = (from: number): SourceLocation => {
    const { text: _, ...location } = source.locate(from, lineEnd(text, from));
    return location;
  };
  const variables = new Map<string, Variable>();
  const ignored: SourceLocation[] = [];
  for (let at = 0; at < text.length; ) {
    const line = text.slice(at, lineEnd(text, at));
    const [whole, name] = ASSIGNMENT.exec(line) ?? [];
    if (whole === undefined || name === undefined) {
      if (!/^\s*(#|$)/.test(line)) ignored.push(place(at));
      at = lineEnd(text, at) + 1;
      continue;
    }
    const read = readValue(text, at + whole.length);
    variables.set(
      name,
      'value' in read
        ? { kind: 'value', value: read.value }
        : { kind: 'unreadable', reason: read.reason, location: place(at) },
    );
    at = lineEnd(text, read.end) + 1;
  }
  return { variables, ignored };
};

/** The value of a variable, or the error that names it and its place. */
export const unreadableVariable = (
  name: string,
  variable: Extract<Variable, { kind: 'unreadable' }>,
): DroverError => ({
  code: 'env-file',
  message: `the value of ${name} cannot be read: ${variable.reason}`,
  location: variable.location,
  state: 'nothing was executed',
  hint: `write ${name}='…' with the value itself, or set ${name} in the environment`,
});
