import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';

const PAGE = 'docs/benchmarks.md';

const machine = (): string =>
  `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 1024 ** 3)} GiB, Linux ${release().split('-')[0] ?? ''}, Node ${process.versions.node}`;

export type Table = readonly (readonly string[])[];

const tableText = ([head = [], ...rows]: Table): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** Writes one section of docs/benchmarks.md between its marks, and shows it. */
export const writeSection = (name: string, about: string, table: Table): void => {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const body = `${open}\n${about}\n\n${tableText(table)}\n\nMeasured on ${machine()}.\n${close}`;
  const page = readFileSync(PAGE, 'utf8');
  const from = page.indexOf(open);
  const to = page.indexOf(close);
  if (from === -1 || to === -1) throw new Error(`${PAGE} has no place for ${name}`);
  writeFileSync(PAGE, `${page.slice(0, from)}${body}${page.slice(to + close.length)}`);
  process.stdout.write(`${name}: ${about}\n${tableText(table)}\n\n`);
};

/** A promise that was kept or missed; a miss fails the benchmark. */
export const judge = (what: string, kept: boolean): string => {
  if (!kept) process.exitCode = 1;
  return `${what}: ${kept ? 'kept' : '**missed**'}`;
};
