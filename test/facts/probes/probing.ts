import { randomBytes } from 'node:crypto';
import type { ProbeMatrix } from '../../../src/facts/model/probe-matrix.js';
import type { PairProbeOptions, PairProbeResult } from '../../../src/facts/probes/input.js';
import { cellsOf, valuesOf } from '../../../src/facts/probes/matrix.js';
import { probePairs } from '../../../src/facts/probes/pairs.js';
import { probePorts } from '../../../src/facts/probes/ports.js';
import type { World } from './netns.js';

/** Probes a world as the doctor does. */
export const probeWorld = (
  world: World,
  options: Partial<PairProbeOptions> = {},
  signal?: AbortSignal,
): Promise<PairProbeResult> =>
  probePairs({
    transport: world.transport,
    hosts: world.hosts,
    networks: [world.network],
    ports: probePorts(),
    options: { deep: false, pods: '10.42.0.0/16', ...options },
    clock: world.clock,
    random: { bytes: (size) => randomBytes(size) },
    emit: () => undefined,
    ...(signal === undefined ? {} : { signal }),
  });

/** `udp/8472`, `udp/control`, `path-mtu`: the name of a matrix without its network and its random port. */
const nameOf = (matrix: ProbeMatrix): string =>
  matrix.kind === 'udp' && matrix.control ? 'udp/control' : (matrix.id.split('@')[0] ?? '');

const pictureOf = (matrix: ProbeMatrix): string =>
  matrix.values === undefined
    ? matrix.rows.join(' ')
    : [...new Set(valuesOf(matrix).map(({ value }) => value))].length === 1
      ? String(matrix.values.usual)
      : valuesOf(matrix)
          .map(({ value }) => value ?? '?')
          .join(' ');

const isFine = (matrix: ProbeMatrix): boolean => {
  const good = matrix.kind === 'protocol' ? 'w' : '+';
  return cellsOf(matrix).every(({ cell }) => cell === good);
};

/**
 * Everything that is not as on healthy hosts, by matrix name. Sizes are always there; values of several pairs read
 * 1→2, 1→3, 2→1, … in order. Latency varies and is left out.
 */
export const picture = (result: PairProbeResult): Record<string, string> =>
  Object.fromEntries(
    result.probes
      .filter((matrix) => matrix.kind !== 'latency')
      .filter((matrix) => matrix.values !== undefined || !isFine(matrix))
      .map((matrix) => [nameOf(matrix), pictureOf(matrix)]),
  );

/** The remark on one pair. */
export const noteOn = (
  result: PairProbeResult,
  name: string,
  from: string,
  to: string,
): string | undefined => {
  const matrix = result.probes.find((one) => nameOf(one) === name);
  return matrix === undefined
    ? undefined
    : cellsOf(matrix).find((cell) => cell.from === from && cell.to === to)?.note;
};

export const matrixNamed = (result: PairProbeResult, name: string): ProbeMatrix => {
  const matrix = result.probes.find((one) => nameOf(one) === name);
  if (matrix === undefined) throw new Error(`no matrix ${name}`);
  return matrix;
};
