import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CommandContext, ParsedArguments } from '../../src/cli/command.js';
import { labBuild } from '../../src/cli/commands/lab-build.js';
import { buildTable, run as runBuild } from '../../src/cli/commands/lab-build.run.js';
import { k3sSource } from '../../src/cli/k3s-source.js';
import { buildLab } from '../../src/lab/build/build.js';
import { fakeGo, rig, temporary } from './rig.js';

const SHA = 'AB'.repeat(32);

describe('drover lab build', () => {
  it('imports its handler', async () => {
    expect((await labBuild.load()).run).toBeTypeOf('function');
  });

  it('takes a K3s from a file, or from an address with its checksum', () => {
    expect(k3sSource({ k3s: './k3s' })).toEqual({ ok: true, value: { kind: 'file', path: './k3s' } });
    expect(k3sSource({ 'k3s-url': 'https://x/k3s', sha256: SHA })).toMatchObject({
      ok: true,
      value: { kind: 'url' },
    });
    expect(k3sSource({ k3s: './k3s', 'k3s-images': 'images.tar.zst' })).toEqual({
      ok: true,
      value: { kind: 'file', path: './k3s', images: 'images.tar.zst' },
    });
    expect(k3sSource({})).toEqual({ ok: true, value: undefined });
  });

  it.each([
    [{ k3s: 'a', 'k3s-url': 'https://x', sha256: SHA }, ['--k3s and --k3s-url exclude each other']],
    [{ 'k3s-url': 'ftp://x' }, ['--k3s-url needs --sha256', '--k3s-url must be an http or https address']],
    [
      { 'k3s-images': 'list.txt' },
      ['--k3s-images belongs to --k3s or --k3s-url', '--k3s-images must be a .tar, .tar.gz or .tar.zst'],
    ],
    [{ sha256: 'abc' }, ['--sha256 belongs to --k3s-url', '--sha256 must be 64 hexadecimal digits']],
  ])('refuses %j with everything that is wrong', (flags, messages) => {
    const source = k3sSource(flags);
    expect(source.ok ? [] : source.error.map(({ message }) => message)).toEqual(messages);
  });

  it('names the versions that exist when asked for another, before anything is built', async () => {
    const { context } = await rig('/usr/bin');
    const parsed = { positional: [], flags: { kubernetes: '1.33' } };
    const printed: string[] = [];
    const ended = await runBuild(
      parsed as unknown as ParsedArguments,
      { ...context, print: (text: string) => void printed.push(text) } as unknown as CommandContext,
    );
    expect(ended).toMatchObject({
      errors: [
        { code: 'lab-build-version', hint: expect.stringMatching(/^known: 1\.34 \(1\.34\.\d+\)/) as string },
      ],
    });
    expect(printed).toEqual([]);
  });

  it('names what exists when asked for something that does not', async () => {
    const { context } = await rig('/usr/bin');
    expect(await buildLab({ only: ['traefic'] }, context)).toMatchInlineSnapshot(`
      {
        "error": {
          "code": "lab-build-program",
          "hint": "one of busybox, coredns, helm, k3s, labnet, local-path-provisioner, loki, metrics-server, node-exporter, otelcol, pause, probe, prometheus, promtool, registry, standin, traefik, vault",
          "message": "nothing is called "traefic"",
          "state": "nothing was changed",
        },
        "ok": false,
      }
    `);
  });

  it('needs no Go for a real K3s, and leaves out what only Go can make', async () => {
    const { bin } = await fakeGo('', 'go1.19.8');
    const { context } = await rig(`${bin}:/usr/bin:/bin`);
    const path = join(await temporary(), 'k3s');
    await writeFile(path, '#!/bin/sh\necho "k3s version v1.34.2+k3s1 (abcdef01)"\n');
    const only = ['k3s', 'pause'];
    expect(await buildLab({ only }, context)).toMatchObject({ ok: false, error: { code: 'lab-go-old' } });
    expect(await buildLab({ only, k3s: { kind: 'file', path } }, context)).toMatchObject({
      ok: true,
      value: { k3s: { kind: 'real', version: 'v1.34.2+k3s1' }, programs: [], images: [] },
    });
    const images = join(path, 'absent.tar.zst');
    expect(await buildLab({ only, k3s: { kind: 'file', path, images } }, context)).toMatchObject({
      ok: false,
      error: { code: 'lab-k3s-images' },
    });
  });

  it('shows what was compiled and what was there', () => {
    const table = buildTable({
      k3s: { kind: 'real', path: '/c/k3s/k3s', version: 'v1.34.2+k3s1', sha256: SHA },
      programs: [
        { name: 'coredns', version: '1.15.0', key: 'k', path: '/c/coredns', compiledMs: 41_230 },
        { name: 'pause', version: '1', key: 'k', path: '/c/pause' },
      ],
      images: [
        {
          name: 'pause',
          reference: 'docker.io/rancher/mirrored-pause:3.6',
          path: '/c/pause.tar',
          made: true,
        },
      ],
    });
    expect(table).toMatchInlineSnapshot(`
      "k3s                                   v1.34.2+k3s1  real K3s, not rehearsed by this version  /c/k3s/k3s
      coredns                               1.15.0        compiled in 41.2 s                       /c/coredns
      pause                                 1             cached                                   /c/pause
      docker.io/rancher/mirrored-pause:3.6                image made                               /c/pause.tar
      "
    `);
  });
});
