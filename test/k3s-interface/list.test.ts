import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseList, readDocument } from './list.js';

/** Ids in the sources of the suite, one for each call of `behaviour`: what needs a restart stands apart from the rest. */
const idsOfSuite = async (): Promise<readonly string[]> => {
  const files = (await readdir(import.meta.dirname, { recursive: true })).filter((name) =>
    name.endsWith('.ts'),
  );
  const texts = await Promise.all(files.map((name) => readFile(join(import.meta.dirname, name), 'utf8')));
  return texts.flatMap((text) =>
    [...text.matchAll(/\bbehaviour\(\s*'([a-z0-9-]+)'/g)].map(([, id]) => id ?? ''),
  );
};

const table = async (): Promise<readonly string[]> =>
  (await readDocument()).split('\n').filter((line) => /^\| (?!\*\*)/.test(line));

describe('the list of K3s’ behaviours in docs/lab.md', () => {
  it('has an id on every line of the comparison, each once', async () => {
    const text = await readDocument();
    const comparison = text.slice(text.indexOf('| Behaviour | Engine |'), text.indexOf('## Limits'));
    const rows = comparison.split('\n').filter((line) => /^\| (?!\*\*|Behaviour)/.test(line));
    const ids = parseList(comparison).map(({ id }) => id);
    expect(rows.length).toBeGreaterThan(50);
    expect(ids).toHaveLength(rows.length);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('says same, different or absent on every line', async () => {
    const verdicts = new Set(parseList(await readDocument()).map(({ engine }) => engine));
    expect([...verdicts].sort()).toEqual(['absent', 'different', 'same']);
  });

  it('and the suite hold the same behaviours', async () => {
    const document = parseList(await readDocument()).map(({ id }) => id);
    expect([...new Set(await idsOfSuite())].sort()).toEqual([...document].sort());
  });

  it('says that SQLite is out of scope', async () => {
    expect(await readDocument()).toContain('SQLite is out of scope');
    expect((await table()).length).toBeGreaterThan(0);
  });
});
