import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { systemFiles } from '../../src/system/files.js';

const folder = mkdtempSync(join(tmpdir(), 'drover-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the operator’s files', () => {
  it('writes into new folders, with the mode asked for, and leaves nothing beside', async () => {
    const path = join(folder, 'a', 'b', 'facts.json');
    expect(await systemFiles.write(path, 'one', { mode: 0o600 })).toEqual({ ok: true, value: undefined });
    expect(await systemFiles.write(path, 'two', { mode: 0o600 })).toEqual({ ok: true, value: undefined });
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['facts.json']);
  });

  it('keeps the old content and no rest when the new one cannot be put in place', async () => {
    const path = join(folder, 'taken', 'inside');
    await systemFiles.write(join(path, 'file'), 'kept');
    expect(await systemFiles.write(path, 'new')).toMatchObject({ ok: false, error: { kind: 'other', path } });
    expect(readFileSync(join(path, 'file'), 'utf8')).toBe('kept');
    expect(readdirSync(join(folder, 'taken'))).toEqual(['inside']);
  });

  it('tells a missing file from one that cannot be read', async () => {
    expect(await systemFiles.read(join(folder, 'none'))).toMatchObject({
      ok: false,
      error: { kind: 'missing' },
    });
    expect(await systemFiles.read(folder)).toMatchObject({ ok: false, error: { kind: 'other' } });
    expect(await systemFiles.exists(join(folder, 'none'))).toBe(false);
    expect(await systemFiles.exists(folder)).toBe(true);
  });
});
