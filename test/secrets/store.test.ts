import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadIdentity } from '../../src/secrets/identity.js';
import { openSecrets } from '../../src/secrets/store.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-secrets-'));
});
afterEach(() => rm(folder, { recursive: true }));

const SECRET = Buffer.from('a very secret token');

describe('loadIdentity', () => {
  it('makes an identity once, for its owner alone, and finds it again', async () => {
    const path = join(folder, 'config/drover/identity.txt');
    const [first, second] = await Promise.all([loadIdentity(path), loadIdentity(path)]);
    const third = await loadIdentity(path);
    if (!first.ok || !second.ok || !third.ok) throw new Error('no identity');
    expect(second.value.identity).toBe(first.value.identity);
    expect(third.value).toEqual({ ...first.value, created: false });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('refuses a file that is no identity instead of making a new one', async () => {
    const path = join(folder, 'identity.txt');
    await writeFile(path, 'something else\n');
    expect(await loadIdentity(path)).toMatchObject({ ok: false, error: { code: 'secret-unreadable' } });
    expect(await readFile(path, 'utf8')).toBe('something else\n');
  });
});

describe('openSecrets', () => {
  const open = async () => {
    const identity = await generateIdentity();
    const path = join(folder, 'secrets.json');
    return {
      path,
      identity,
      secrets: openSecrets({ path, identity, recipients: [await identityToRecipient(identity)] }),
    };
  };

  it('keeps the first value and never writes it in plain text or base64', async () => {
    const { path, secrets } = await open();
    expect(await secrets.ensure('token', () => SECRET)).toMatchObject({ ok: true });
    const again = await secrets.ensure('token', () => Buffer.from('another'));
    expect(again.ok && Buffer.from(again.value)).toEqual(SECRET);
    const text = await readFile(path, 'utf8');
    expect(text).not.toContain(SECRET.toString());
    expect(text).not.toContain(SECRET.toString('base64').slice(0, -4));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('loses nothing when many secrets are made at once', async () => {
    const { secrets } = await open();
    await Promise.all(
      ['a', 'b', 'c', 'd'].map((handle) => secrets.ensure(handle, () => Buffer.from(handle))),
    );
    expect(await secrets.handles()).toEqual({ ok: true, value: ['a', 'b', 'c', 'd'] });
  });

  it('lets every recipient read and says who cannot', async () => {
    const [ours, theirs, stranger] = await Promise.all([
      generateIdentity(),
      generateIdentity(),
      generateIdentity(),
    ]);
    const path = join(folder, 'secrets.json');
    const recipients = [await identityToRecipient(ours), await identityToRecipient(theirs)];
    await openSecrets({ path, identity: ours, recipients }).ensure('token', () => SECRET);
    expect(await openSecrets({ path, identity: theirs, recipients }).get('token')).toMatchObject({
      ok: true,
    });
    expect(await openSecrets({ path, identity: stranger, recipients }).get('token')).toMatchObject({
      error: { code: 'secret-unreadable' },
    });
  });

  it('never takes a damaged store for an empty one', async () => {
    const { path, secrets } = await open();
    await writeFile(path, '{"tok');
    expect(await secrets.ensure('token', () => SECRET)).toMatchObject({
      error: { code: 'secret-store-failed' },
    });
    expect(await readFile(path, 'utf8')).toBe('{"tok');
  });
});
