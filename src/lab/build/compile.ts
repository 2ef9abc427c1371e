import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { whenAborted } from '../../core/signals.js';
import { printable } from '../../core/text.js';
import type { LabContext } from '../context.js';
import type { Invoker } from '../invoker.js';
import { buildError } from './errors.js';
import { goArch } from './key.js';
import type { GoProgram } from './programs.js';
import { type Go, toolchainFor } from './toolchain.js';

/** One compilation. */
export interface Compilation {
  readonly program: GoProgram;
  readonly go: Go;
  /** The project's lab/ directory. */
  readonly sources: string;
  readonly owner: Invoker;
  /** File that is written. */
  readonly output: string;
}

/** Progress lines are at least this far apart. */
const REPORT_EVERY_MS = 1000;
const DETAIL_LINES = 8;

/** `3 min`, `40 s`: how long a build takes when Go has nothing cached. */
export const coldEstimate = (cpuSeconds: number, cores = availableParallelism()): string => {
  const seconds = cpuSeconds / cores;
  return seconds < 90 ? `${Math.ceil(seconds / 5) * 5} s` : `${Math.ceil(seconds / 60)} min`;
};

const goEnvironment = async (work: Compilation, env: LabContext['env']): Promise<Record<string, string>> => ({
  GOTOOLCHAIN: await toolchainFor(
    work.go,
    join(work.sources, work.program.folder, work.program.modfile ?? 'go.mod'),
  ),
  GOFLAGS: '',
  GOWORK: 'off',
  GOOS: 'linux',
  GOARCH: goArch(),
  CGO_ENABLED: '0',
  HOME: work.owner.home,
  PATH: env.PATH ?? '/usr/bin:/bin',
});

const identity = (owner: Invoker): { uid?: number; gid?: number } =>
  process.getuid?.() === 0 && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : {};

/**
 * An interrupted build ends with all compilers that it started: Go gets SIGINT, on which it removes its working
 * directory, and so does its whole process group. Returns how to forget the signal again.
 */
const interruptWith = (signal: AbortSignal, pid: number | undefined): (() => void) => {
  const interrupt = (): void => {
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGINT');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  };
  if (signal.aborted) interrupt();
  return whenAborted(signal, interrupt);
};

const linkerFlags = (program: GoProgram): string =>
  ['-s', '-w', ...Object.entries(program.variables).map(([name, value]) => `-X ${name}=${value}`)].join(' ');

const failed = (program: GoProgram, output: string): DroverError =>
  buildError('lab-compile', `${program.title} did not compile`, {
    cause: printable(output).trim().split('\n').slice(-DETAIL_LINES).join('\n'),
    state: 'nothing of it was kept; what Go has compiled so far stays in Go’s own cache',
    hint: 'run `drover lab build` again; a real K3s needs no compiler: `--k3s /path/to/k3s`',
  });

/** Fails where modules are not in Go's cache and cannot be fetched: a lab's own network leads nowhere. */
const unlisted = (program: GoProgram, output: string): DroverError => ({
  ...failed(program, output),
  message: `the modules of ${program.title} cannot be fetched`,
  hint: 'run `drover lab build` once: it fetches them by the network of this machine, which commands in a lab do not have',
});

/** Compiles one program to `output`, the same bytes for the same sources; as the invoking user, whose Go cache is used. */
export const compile = async (work: Compilation, context: LabContext): Promise<Result<void, DroverError>> => {
  const { program, go } = work;
  const options = {
    cwd: join(work.sources, program.folder),
    env: await goEnvironment(work, context.env),
    detached: true,
    reject: false,
    all: true,
    ...identity(work.owner),
  } as const;
  const modules = [
    '-mod=readonly',
    ...(program.modfile === undefined ? [] : [`-modfile=${program.modfile}`]),
    ...(program.tags === undefined ? [] : [`-tags=${program.tags.join(',')}`]),
  ];
  const listed = await execa(go.path, ['list', ...modules, '-deps', program.main], options);
  if (listed.exitCode !== 0) return err(unlisted(program, listed.stderr));
  const total = listed.stdout.split('\n').length;

  const flags = ['-v', ...modules, '-trimpath', '-buildvcs=false', '-ldflags', linkerFlags(program)];
  const child = execa(go.path, ['build', ...flags, '-o', work.output, program.main], options);
  const unlink = interruptWith(context.signal, child.pid);
  const started = context.clock.monotonic();
  let compiled = 0;
  let reported = started;
  for await (const line of child.iterable({ from: 'stderr' })) {
    compiled += 1;
    if (context.clock.monotonic() - reported < REPORT_EVERY_MS) continue;
    reported = context.clock.monotonic();
    const last = `${compiled} of at most ${total} packages, now ${printable(line)}`;
    context.emit({ type: 'waiting', what: `${program.title} to compile`, sinceMs: reported - started, last });
  }
  const done = await child;
  unlink();
  if (context.signal.aborted) return err(failed(program, 'interrupted'));
  return done.exitCode === 0 ? ok(undefined) : err(failed(program, done.all));
};
