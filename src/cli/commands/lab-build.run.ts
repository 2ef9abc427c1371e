import { type BuildRequest, buildLab, type LabBuild } from '../../lab/build/build.js';
import type { K3sSource } from '../../lab/build/k3s-binary.js';
import { systemClock } from '../../system/clock.js';
import type { CommandContext, Handler, ParsedArguments } from '../command.js';
import { k3sSource } from '../k3s-source.js';

type Flags = ParsedArguments['flags'];

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** The result as a table: what, which version, whether it was made just now. */
export const buildTable = (build: LabBuild): string => {
  const real = build.k3s?.kind === 'real' ? build.k3s : undefined;
  const rows = [
    ...(real === undefined
      ? []
      : [['k3s', real.version, 'real K3s, not rehearsed by this version', real.path]]),
    ...build.programs.map(({ name, version, compiledMs, path }) => [
      name,
      version,
      compiledMs === undefined ? 'cached' : `compiled in ${seconds(compiledMs)}`,
      path,
    ]),
    ...build.images.map(({ reference, made, path }) => [
      reference,
      '',
      made ? 'image made' : 'image cached',
      path,
    ]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ');
  return `${rows.map(line).join('\n')}\n`;
};

const request = (flags: Flags, k3s: K3sSource | undefined): BuildRequest => {
  const { only, kubernetes: version } = flags;
  return {
    ...(typeof version === 'string' ? { version } : {}),
    ...(Array.isArray(only) && only.length > 0 ? { only: only as readonly string[] } : {}),
    ...(k3s === undefined ? {} : { k3s }),
  };
};

export const run: Handler = async (args: ParsedArguments, context: CommandContext) => {
  const source = k3sSource(args.flags);
  if (!source.ok) return { errors: source.error };
  const { env, emit, signal } = context;
  const built = await buildLab(request(args.flags, source.value), { env, emit, signal, clock: systemClock });
  if (!built.ok) return { errors: [built.error] };
  context.print(buildTable(built.value));
  return { exit: 'ok' };
};
