import { stripVTControlCharacters } from 'node:util';

/** Makes text of a remote machine safe to print: no escape sequences, no control characters but newline and tab. */
export const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the purpose
  stripVTControlCharacters(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');

/** "1 host", "3 hosts". */
export const count = (n: number, noun: string, plural = `${noun}s`): string =>
  `${n} ${n === 1 ? noun : plural}`;

/** Joins for a sentence: "a", "a and b", "a, b and c"; beyond `max` items "a, b and 7 more". */
export const sentence = (items: readonly string[], max = 6): string => {
  const shown = items.length > max ? [...items.slice(0, max - 1), `${items.length - max + 1} more`] : items;
  if (shown.length < 2) return shown.join('');
  return `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) ?? ''}`;
};
