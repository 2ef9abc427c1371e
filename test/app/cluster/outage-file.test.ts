import { appendFile, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outageFile, readOutages } from '../../../src/app/cluster/outage-file.js';
import type { OutageRecord } from '../../../src/steps/guards/pairs/outage-record.js';

let state: string;
const path = () => join(state, 'runs', 'r', 'outages.jsonl');

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'drover-outages-'));
  await mkdir(join(state, 'runs', 'r'), { recursive: true });
});
afterEach(() => rm(state, { recursive: true, force: true }));

const end = (second: number): OutageRecord => ({
  type: 'end',
  at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(),
});

describe('outages beside the journal', () => {
  it('are kept in order, for the owner alone, and a resumed run adds to them', async () => {
    const first = outageFile(state, 'r');
    const records = [1, 2, 3].map(end);
    for (const record of records) first.keep(record);
    await first.flush();
    const again = outageFile(state, 'r');
    again.keep(end(4));
    await again.flush();
    expect(await readOutages(state, 'r')).toEqual([...records, end(4)]);
    expect((await stat(path())).mode & 0o777).toBe(0o600);
  });

  it('make no file where nothing was watched', async () => {
    await outageFile(state, 'r').flush();
    expect(await readOutages(state, 'r')).toEqual([]);
    await expect(readFile(path())).rejects.toThrow();
  });

  it('are read up to what a killed process left torn', async () => {
    const file = outageFile(state, 'r');
    file.keep(end(1));
    await file.flush();
    await appendFile(path(), '{"type":"end","at":"20');
    expect(await readOutages(state, 'r')).toEqual([end(1)]);
  });
});
