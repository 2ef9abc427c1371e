interface Run {
  readonly stem: string;
  readonly first: string;
  readonly last: string;
  readonly size: number;
}

const split = (name: string): { readonly stem: string; readonly digits: string } => {
  const digits = /\d+$/.exec(name)?.[0] ?? '';
  return { stem: name.slice(0, name.length - digits.length), digits };
};

const follows = (run: Run, stem: string, digits: string): boolean =>
  run.stem === stem &&
  digits !== '' &&
  digits.length === run.last.length &&
  Number(digits) === Number(run.last) + 1;

const text = ({ stem, first, last, size }: Run): string => {
  if (size === 1) return `${stem}${first}`;
  return size === 2 ? `${stem}${first}, ${stem}${last}` : `${stem}${first}…${last}`;
};

/** Names with neighbouring numbers as one: `web-01, web-02, web-03, db` → `web-01…03, db`. Keeps the order. */
export const hostList = (names: readonly string[]): string => {
  const runs: Run[] = [];
  for (const name of names) {
    const { stem, digits } = split(name);
    const last = runs.at(-1);
    if (last !== undefined && follows(last, stem, digits))
      runs.splice(-1, 1, { ...last, last: digits, size: last.size + 1 });
    else runs.push({ stem, first: digits, last: digits, size: 1 });
  }
  return runs.map(text).join(', ');
};
