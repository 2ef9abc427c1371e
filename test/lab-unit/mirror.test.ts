import { describe, expect, it } from 'vitest';
import { parsePackageList } from '../../src/lab/requirements.js';
import { debianMirror, parseSources } from '../../src/lab/rootfs/mirror.js';

describe('the mirror of this machine', () => {
  it('is found in one-line sources, past comments, options and the security archive', () => {
    const text = [
      '# deb http://old.example/debian bookworm main',
      'deb http://security.example/debian-security bookworm-security main',
      'deb [signed-by=/x.gpg] https://tools.example/apt stable main',
      'deb [arch=amd64] http://mirror.example/debian bookworm main contrib',
    ].join('\n');
    expect(debianMirror(parseSources(text, false), 'bookworm')).toBe('http://mirror.example/debian');
  });

  it('is found in stanzas, with comments between fields and disabled entries', () => {
    const text = [
      'Types: deb\nEnabled: no\nURIs: http://off.example/debian\nSuites: bookworm\nComponents: main',
      'Types: deb deb-src\n# made by the installer\nURIs: http://one.example/debian\nSuites: bookworm\n bookworm-updates\nComponents: main',
    ].join('\n\n');
    expect(debianMirror(parseSources(text, true), 'bookworm')).toBe('http://one.example/debian');
  });

  it('is unknown when no source is the archive of the release', () => {
    expect(
      debianMirror(parseSources('deb http://mirror.example/debian trixie main', false), 'bookworm'),
    ).toBeUndefined();
  });
});

it('reads the list of packages that the setup script reads too', () => {
  expect(parsePackageList('# comment\n\nip    iproute2\n/usr/x.gpg keyring\n')).toEqual([
    { needs: 'ip', package: 'iproute2' },
    { needs: '/usr/x.gpg', package: 'keyring' },
  ]);
});
