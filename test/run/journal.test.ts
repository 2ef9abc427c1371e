import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/core/events/run.js';
import type { Clock } from '../../src/core/ports/clock.js';
import { openJournal } from '../../src/run/journal.js';
import { decodeJournal, encodeLine, type JournalLine, makeLine } from '../../src/run/journal-line.js';

const clock: Clock = { now: () => 0, monotonic: () => 0, delay: () => Promise.resolve() };
const event = (text: string): RunEvent => ({ type: 'action-skipped', run: 'r', action: 'a', reason: text });

const chain = (texts: readonly string[]): JournalLine[] => {
  const lines: JournalLine[] = [];
  for (const text of texts) lines.push(makeLine(lines.at(-1), '1970-01-01T00:00:00.000Z', event(text)));
  return lines;
};

describe('decodeJournal', () => {
  it('reads back what was written', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (texts) => {
        const lines = chain(texts);
        expect(decodeJournal(lines.map(encodeLine).join(''))).toEqual({
          ok: true,
          value: { lines, torn: '' },
        });
      }),
    );
  });

  it('keeps every whole line of a journal cut at any byte', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), fc.nat(), (texts, at) => {
        const text = chain(texts).map(encodeLine).join('');
        const cut = text.slice(0, at % (text.length + 1));
        const result = decodeJournal(cut);
        expect(result.ok && result.value.lines.length).toBe(cut.split('\n').length - 1);
        expect(result.ok && result.value.torn).toBe(cut.slice(cut.lastIndexOf('\n') + 1));
      }),
    );
  });

  it('names the line that was changed, dropped or swapped', () => {
    const text = chain(['a', 'b', 'c']).map(encodeLine);
    expect(decodeJournal(text.join('').replace('"b"', '"x"'))).toMatchObject({
      error: { line: 2, detail: 'was changed after it was written' },
    });
    expect(decodeJournal(`${text[0]}${text[2]}`)).toMatchObject({
      error: { line: 2, detail: 'does not follow the line before it' },
    });
    expect(decodeJournal(`${text[1]}${text[0]}`)).toMatchObject({ error: { line: 1 } });
    expect(decodeJournal('nonsense\n')).toMatchObject({
      error: { line: 1, detail: 'is not a journal line' },
    });
  });
});

describe('openJournal', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drover-journal-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('writes a line that is appended in the very moment in which the one before is on disk', async () => {
    const journal = await openJournal({ path: join(folder, 'journal.jsonl'), clock });
    for (let left = 20; left > 0; left -= 1) await journal.append(event(String(left)));
    await journal.close();
    expect((await readFile(join(folder, 'journal.jsonl'), 'utf8')).split('\n')).toHaveLength(21);
  });

  it('has each line on disk when append resolves, in order, also when many arrive at once', async () => {
    const path = join(folder, 'journal.jsonl');
    const journal = await openJournal({ path, clock });
    await journal.append(event('first'));
    expect((await readFile(path, 'utf8')).trim().split('\n')).toHaveLength(1);
    await Promise.all(Array.from({ length: 100 }, (_, index) => journal.append(event(String(index)))));
    const content = decodeJournal(await readFile(path, 'utf8'));
    expect(
      content.ok &&
        content.value.lines.map((line) => line.event.type === 'action-skipped' && line.event.reason),
    ).toEqual(['first', ...Array.from({ length: 100 }, (_, index) => String(index))]);
    await journal.close();
  });

  it('never writes over an existing journal', async () => {
    const path = join(folder, 'journal.jsonl');
    await writeFile(path, '');
    await expect(openJournal({ path, clock })).rejects.toThrow('EEXIST');
  });

  it('goes on after a crash, cutting off the torn end', async () => {
    const path = join(folder, 'journal.jsonl');
    const lines = chain(['a', 'b']);
    const good = lines.map(encodeLine).join('');
    await writeFile(path, `${good}{"seq":3,"to`);
    const journal = await openJournal({ path, clock, last: lines[1]!, keep: Buffer.byteLength(good) });
    await journal.append(event('c'));
    await journal.close();
    const content = decodeJournal(await readFile(path, 'utf8'));
    expect(content.ok && content.value.lines).toHaveLength(3);
  });
});
