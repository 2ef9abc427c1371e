import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../src/lab/build/program.js';
import { engineProgram } from '../../src/lab/build/programs.js';
import { engineLine, parseVersions } from '../../src/lab/build/versions.js';
import { fakeGo, rig, temporary } from './rig.js';

const TABLE = parseVersions(
  JSON.stringify({
    default: '1.34',
    lines: {
      '1.34': { kubernetes: '1.34.2', etcd: '3.6.10', flannel: '0.28.4' },
      '1.35': { kubernetes: '1.35.4', etcd: '3.6.10', flannel: '0.28.4' },
    },
  }),
);

describe('the Kubernetes version of the lab’s engine', () => {
  it.each(['1.35', '1.35.4', 'v1.35.4', 'v1.35.4+k3s2'])('is found as %s', (asked) => {
    expect(engineLine(asked, TABLE)).toEqual({
      ok: true,
      value: { line: '1.35', kubernetes: '1.35.4', modfile: 'go-1.35.mod' },
    });
  });

  it('is that of the table where nothing is asked for', () => {
    expect(engineLine(undefined, TABLE)).toEqual({
      ok: true,
      value: { line: '1.34', kubernetes: '1.34.2', modfile: 'go.mod' },
    });
  });

  it.each(['1.33', 'v1.35.3+k3s1', 'latest', ''])('is refused as %j with those that are known', (asked) => {
    expect(engineLine(asked, TABLE)).toEqual({
      ok: false,
      error: {
        code: 'lab-build-version',
        message: `the lab’s engine cannot be compiled as Kubernetes ${asked}`,
        state: 'nothing was changed',
        hint: 'known: 1.34 (1.34.2), 1.35 (1.35.4)',
      },
    });
  });

  it('of a second line needs its row and its modules alone', async () => {
    const sources = await temporary();
    await mkdir(join(sources, 'engine'));
    await writeFile(join(sources, 'engine', 'go.mod'), 'module engine\n\ngo 1.21\n');
    await writeFile(join(sources, 'engine', 'go-1.35.mod'), 'module engine\n\ngo 1.21\n');
    const { bin, calls } = await fakeGo('echo program >"$out"');
    const { context } = await rig(`${bin}:/usr/bin:/bin`);
    const keys: string[] = [];
    for (const asked of ['1.34', '1.35']) {
      const line = engineLine(asked, TABLE);
      const built = line.ok ? await buildProgram(engineProgram(line.value), context, { sources }) : undefined;
      keys.push(built?.ok ? built.value.key : '');
    }
    const [former = '', latter = ''] = (await calls()).filter((call) => / build /.test(call));
    expect(former).toContain('version.gitVersion=v1.34.2+k3s1-drover-lab');
    expect(former).not.toContain('-modfile');
    expect(latter).toContain('version.gitVersion=v1.35.4+k3s1-drover-lab');
    expect(latter).toContain('-modfile=go-1.35.mod');
    expect(new Set(keys).size).toBe(2);
  });

  it('table with a default that it lacks is a bug', () => {
    expect(() => parseVersions('{"default":"1.36","lines":{}}')).toThrow(
      'the default line is not in the table',
    );
  });
});
