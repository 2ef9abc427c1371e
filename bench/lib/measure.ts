import { spawnSync } from 'node:child_process';
import { execa } from 'execa';

/** A command that is measured; it must end well. */
export interface Timed {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that count as a good end. */
  readonly ends?: readonly number[];
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Wall-clock milliseconds of one run. */
export const once = ({ command: [program = '', ...args], env, ends = [0] }: Timed): number => {
  const begin = performance.now();
  const run = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 1 << 28,
  });
  const ms = performance.now() - begin;
  if (run.error !== undefined) throw run.error;
  if (!ends.includes(run.status ?? -1)) {
    throw new Error(`${program} ${args.join(' ')} ended with ${run.status}\n${run.stderr.slice(-2000)}`);
  }
  return ms;
};

/** As {@link once}, while this process does something else: a guard that watches must hear its probers. */
export const apart = async ({
  command: [program = '', ...args],
  env,
  ends = [0],
}: Timed): Promise<number> => {
  const begin = performance.now();
  const done = await execa(program, args, {
    ...(env === undefined ? {} : { env }),
    reject: false,
    stdin: 'ignore',
  });
  const ms = performance.now() - begin;
  if (!ends.includes(done.exitCode ?? -1))
    throw new Error(`${program} ${args.join(' ')} ended with ${done.exitCode}\n${done.stderr.slice(-2000)}`);
  return ms;
};

/** Median of several runs; peers are measured alternately so that a busy moment hits all of them. */
export const alternate = (rounds: number, all: readonly Timed[]): readonly number[] => {
  const times = all.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    all.forEach((one, at) => times[at]?.push(once(one)));
  }
  return times.map(median);
};

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
