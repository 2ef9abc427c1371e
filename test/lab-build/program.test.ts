import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, vi } from 'vitest';
import { buildHome } from '../../src/lab/build/paths.js';
import { buildProgram } from '../../src/lab/build/program.js';
import { fakeGo, HELLO, helloSources, rig, tree } from './rig.js';

const SYSTEM = '/usr/bin:/bin';
const REAL = `${process.env.PATH ?? ''}:/usr/local/go/bin`;

describe('a program', () => {
  it('is compiled by the real Go, with its version set, and is the same bytes twice', {
    timeout: 120_000,
  }, async () => {
    const sources = await helloSources();
    const built = await Promise.all(
      ['a', 'b'].map(async () => {
        const { context } = await rig(REAL);
        const env = { ...context.env, GOCACHE: process.env.GOCACHE };
        return buildProgram(HELLO, { ...context, env }, { sources });
      }),
    );
    const [a, b] = built.map((one) => {
      if (!one.ok) throw new Error(JSON.stringify(one.error));
      return one.value.path;
    });
    expect((await execa(a!)).stderr).toBe('hello 1.0.0');
    expect((await readFile(a!)).equals(await readFile(b!))).toBe(true);
  });

  it('starts no process when it is in the cache', async () => {
    const { bin, calls } = await fakeGo('echo program >"$out"');
    const { context } = await rig(`${bin}:${SYSTEM}`);
    const sources = await helloSources();
    const first = await buildProgram(HELLO, context, { sources });
    const after = await calls();
    const second = await buildProgram(HELLO, context, { sources });
    expect(first.ok && first.value.compiledMs).toBeGreaterThan(0);
    expect(second.ok && second.value.compiledMs).toBe(undefined);
    expect(after).toHaveLength(3);
    expect(await calls()).toEqual(after);
  });

  it('is compiled again when a source or its version changes, not when a test does', async () => {
    const { bin } = await fakeGo('echo program >"$out"');
    const { context } = await rig(`${bin}:${SYSTEM}`);
    const sources = await helloSources();
    const compiled = async (version = '1.0.0'): Promise<boolean> => {
      const built = await buildProgram({ ...HELLO, version }, context, { sources });
      return built.ok && built.value.compiledMs !== undefined;
    };
    expect(await compiled()).toBe(true);
    await writeFile(join(sources, 'hello', 'main_test.go'), 'package main\n');
    expect(await compiled()).toBe(false);
    await appendFile(join(sources, 'hello', 'main.go'), '// changed\n');
    expect(await compiled()).toBe(true);
    expect(await compiled('1.0.1')).toBe(true);
  });

  it('leaves nothing half-made when it is interrupted', async () => {
    const { bin, calls } = await fakeGo('echo half >"$out"; sleep 60');
    const { context, stop } = await rig(`${bin}:${SYSTEM}`);
    const building = buildProgram(HELLO, context, { sources: await helloSources() });
    await vi.waitFor(async () => {
      const files = await tree(buildHome(context.env));
      expect(files.some((path) => path.endsWith('/hello') && path.includes('.making-'))).toBe(true);
    });
    stop.abort();
    expect(await building).toMatchObject({ ok: false, error: { code: 'lab-compile', cause: 'interrupted' } });
    expect(await calls()).toHaveLength(3);
    expect(await tree(join(buildHome(context.env), 'programs', 'hello'))).toEqual([]);
  });

  it('says what Go said when it does not compile, and keeps nothing', async () => {
    const { bin } = await fakeGo('echo half >"$out"; echo "main.go:3:1: syntax error" >&2; exit 1');
    const { context } = await rig(`${bin}:${SYSTEM}`);
    const built = await buildProgram(HELLO, context, { sources: await helloSources() });
    expect(built).toMatchObject({
      ok: false,
      error: { code: 'lab-compile', cause: 'main.go:3:1: syntax error' },
    });
    expect(await tree(join(buildHome(context.env), 'programs', 'hello'))).toEqual([]);
  });

  it('asks Go for a newer toolchain by name when the module needs one', async () => {
    const { bin, calls } = await fakeGo('echo program >"$out"', 'go1.22.3');
    const { context } = await rig(`${bin}:${SYSTEM}`);
    await buildProgram(HELLO, context, { sources: await helloSources('1.26') });
    expect(
      (await calls()).filter((call) => call.includes(' build ')).map((call) => call.split(' ')[0]),
    ).toEqual(['go1.26.0']);
  });
});
