import { expect, it } from 'vitest';
import { entryCommand } from '../../src/cli/lab-realm.js';
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
