/** Splits a command line of a systemd unit into words; quotes group, backslashes escape. */
export const splitWords = (line: string): readonly string[] =>
  [...line.matchAll(/(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|((?:[^\s"'\\]|\\.)+))+/g)].map((found) =>
    found[0].replace(/(["'])(.*?)\1/g, '$2').replace(/\\(.)/g, '$1'),
  );

/** Short forms of K3s' and RKE2's flags. */
const SHORT: Readonly<Record<string, string>> = {
  c: 'config',
  d: 'data-dir',
  s: 'server',
  t: 'token',
  v: 'v',
  l: 'log',
};

/** Flags with their values, in order; switches have the value `true`. */
export const flagsOf = (words: readonly string[]): readonly (readonly [key: string, value: string])[] => {
  const flags: [string, string][] = [];
  for (let index = 0; index < words.length; index += 1) {
    const found = /^--?([A-Za-z0-9][A-Za-z0-9.-]*)(?:=(.*))?$/s.exec(words[index] ?? '');
    if (found === null) continue;
    const name = found[1] ?? '';
    const next = words[index + 1];
    const separate = found[2] === undefined && next !== undefined && !next.startsWith('-');
    if (separate) index += 1;
    flags.push([SHORT[name] ?? name, found[2] ?? (separate ? next : 'true')]);
  }
  return flags;
};

/** The last `ExecStart=` of a unit and its drop-ins, with continuation lines joined; an empty one resets. */
export const execStart = (unit: string): string => {
  const joined = unit.replace(/\\\n\s*/g, ' ');
  const lines = [...joined.matchAll(/^ExecStart=[-@:+!]*(.*)$/gm)].map((found) => (found[1] ?? '').trim());
  return lines.findLast((line) => line !== '') ?? '';
};
