import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entryCommand, entryRefusal } from '../../src/cli/lab-entry.js';
import { realmOf, realPaths } from '../../src/cli/realm.js';

it('enters a lab’s network as root by itself', () => {
  expect(entryCommand('net', { uid: 0, gid: 0 }, ['node', 'main.js'])).toEqual([
    'nsenter',
    '--net=/run/netns/net',
    '--',
    'node',
    'main.js',
  ]);
});

it('enters through sudo otherwise and becomes the user again', () => {
  expect(entryCommand('net', { uid: 1000, gid: 100 }, ['node', 'main.js']).join(' ')).toBe(
    'sudo -n -E -- nsenter --net=/run/netns/net -- setpriv --reuid=1000 --regid=100 --init-groups -- node main.js',
  );
});

it('knows its realm from the environment', () => {
  expect(realmOf({})).toEqual({ kind: 'real' });
  expect(realmOf({ DROVER_REALM: 'lab/one' })).toEqual({ kind: 'lab', name: 'one' });
});

it('keeps control sockets where only the user may look', () => {
  expect(realPaths('/data', { XDG_RUNTIME_DIR: '/run/user/1' }, '/home/ada').controlDir).toBe(
    '/run/user/1/drover',
  );
  expect(realPaths('/data', { XDG_RUNTIME_DIR: 'relative' }, '/home/ada').controlDir).toBe(
    '/home/ada/.cache/drover/ssh',
  );
  expect(realPaths('/data', {}, '/home/ada').stateDir).toBe('/data/.drover');
});

describe('a user whom sudo does not let in', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drover-sudo-'));
    await writeFile(
      join(folder, 'sudo'),
      '#!/bin/sh\n[ -e "$0.allows" ] || { echo "sudo: a password is required" >&2; exit 1; }\n',
      {
        mode: 0o755,
      },
    );
  });
  afterAll(() => rm(folder, { recursive: true }));
  const refusal = (uid: number, path = folder) =>
    entryRefusal({ name: 'shop', netns: 'net' }, { uid, gid: uid }, { PATH: path });

  it('is told why, and how to go on without the lab', async () => {
    expect(await refusal(1000)).toMatchObject({
      code: 'no-lab-entry',
      message: 'entering the network of lab shop takes root, and sudo did not give it',
      cause: 'sudo: a password is required',
    });
    expect((await refusal(1000))?.hint).toContain('leave out --lab');
    expect((await refusal(1000, '/nowhere'))?.cause).toContain('ENOENT');
  });

  it('enters when sudo allows it, and root always', async () => {
    expect(await refusal(0, '/nowhere')).toBeUndefined();
    await writeFile(join(folder, 'sudo.allows'), '');
    expect(await refusal(1000, `${folder}:/usr/bin:/bin`)).toBeUndefined();
  });
});
