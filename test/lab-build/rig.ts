import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { DroverEvent } from '../../src/core/events/event.js';
import type { GoProgram } from '../../src/lab/build/programs.js';
import type { LabContext } from '../../src/lab/context.js';
import { systemClock } from '../../src/system/clock.js';

const made: string[] = [];
afterEach(async () => {
  await Promise.all(made.splice(0).map((path) => rm(path, { recursive: true, force: true })));
});

export const temporary = async (): Promise<string> => {
  const path = await mkdtemp(join(tmpdir(), 'drover-lab-build-'));
  made.push(path);
  return path;
};

export interface Rig {
  readonly home: string;
  readonly context: LabContext;
  readonly events: DroverEvent[];
  readonly stop: AbortController;
}

/** A context whose cache lies in a directory of its own. `path`: what PATH holds. */
export const rig = async (path: string): Promise<Rig> => {
  const home = await temporary();
  const events: DroverEvent[] = [];
  const stop = new AbortController();
  const env = { HOME: home, XDG_CACHE_HOME: join(home, 'cache'), PATH: path };
  const emit = (event: DroverEvent): void => void events.push(event);
  return { home, events, stop, context: { env, emit, clock: systemClock, signal: stop.signal } };
};

export const HELLO: GoProgram = {
  name: 'hello',
  title: 'hello',
  folder: 'hello',
  main: '.',
  version: '1.0.0',
  variables: { 'main.version': '1.0.0' },
  needed: 'cluster',
  cpuSeconds: 10,
};

/** A lab/ directory with one small Go program. */
export const helloSources = async (go = '1.21'): Promise<string> => {
  const sources = await temporary();
  await mkdir(join(sources, 'hello'));
  await writeFile(join(sources, 'hello', 'go.mod'), `module drover/lab/hello\n\ngo ${go}\n`);
  const main = 'package main\n\nvar version = "unset"\n\nfunc main() { print("hello ", version) }\n';
  await writeFile(join(sources, 'hello', 'main.go'), main);
  return sources;
};

/** A directory with a stand-in for Go that records each call; `build` is what it does when asked to build ($out is the output). */
export const fakeGo = async (
  build: string,
  version = 'go1.26.1',
): Promise<{ bin: string; calls: () => Promise<string[]> }> => {
  const bin = await temporary();
  const log = join(bin, 'calls');
  const script = `#!/bin/sh
echo "$GOTOOLCHAIN $*" >>${log}
case $1 in
  env) echo ${version} ;;
  list) echo hello ;;
  build)
    while [ "$1" != -o ]; do shift; done
    out=$2
    ${build}
    ;;
esac
`;
  await writeFile(join(bin, 'go'), script);
  await chmod(join(bin, 'go'), 0o755);
  const calls = async (): Promise<string[]> =>
    (await readFile(log, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
  return { bin, calls };
};

/** Everything below a directory, relative, sorted. */
export const tree = async (path: string): Promise<string[]> =>
  (await readdir(path, { recursive: true }).catch((): string[] => [])).sort();
