import type { Shot } from './evidence.js';
import { DEFAULT_IDLE_MS, type PairProbeInput } from './input.js';
import type { PacketKind } from './layout.js';
import { answerShots, coldShots, firstShots, warmShots } from './raw-protocol.js';
import { fireRound, type ProbeRun, pairsOf, settled, takesPart } from './run.js';
import { MTU_ROUNDS, type SizeSearch, sizeSearches, sizeShots } from './sizes.js';
import { waitUntil } from './wait.js';
import { guardShots } from './wireguard.js';

const LOOK_LIMIT_MS = 15_000;

/** The order of rounds; see raw-protocol.ts for why raw protocols decide it. */
export const measure = async (run: ProbeRun, input: PairProbeInput): Promise<readonly SizeSearch[]> => {
  await fireRound(run, shotsOfKinds(run, ['icmp']), 3);
  await look(run, () => true);
  const searches = sizeSearches(run);
  const plain = shotsOfKinds(run, ['udp', 'tcp', 'vxlan', 'source']);
  const guards = { up: guardShots(run, 'up'), down: guardShots(run, 'down') };
  await fireRound(run, [...firstShots(run), ...plain, ...guards.up, ...sizeShots(searches)]);
  const lost = [...shotsOfKinds(run, ['icmp']), ...plain].filter((shot) => !settled(run, shot));
  const firstLost = firstShots(run).filter((shot) => !settled(run, shot));
  await fireRound(run, [...firstLost, ...lost, ...guards.down, ...sizeShots(searches)], 2);
  await look(run, (net, host) => hasUnknownHop(run, net, host));
  const late = [...shotsOfKinds(run, ['source']), ...guards.up, ...guards.down].filter(
    (shot) => !settled(run, shot),
  );
  await fireRound(run, [...answerShots(run), ...late, ...sizeShots(searches)], 2);
  await fireRound(run, [...warmShots(run), ...sizeShots(searches)], 2);
  for (let i = 3; i < MTU_ROUNDS; i++) await fireRound(run, sizeShots(searches), 2);
  if (input.options.deep) await measureCold(run, input);
  await readCounters(run);
  return searches;
};

const measureCold = async (run: ProbeRun, { options, emit, clock }: PairProbeInput): Promise<void> => {
  const idleMs = options.idleMs ?? DEFAULT_IDLE_MS;
  for (const half of ['up', 'down'] as const) {
    emit({
      type: 'waiting',
      what: `filters forget idle raw protocols (${Math.round(idleMs / 1000)} s)`,
      sinceMs: 0,
    });
    await clock.delay(idleMs, run.signal).catch(() => undefined);
    await fireRound(run, coldShots(run, half));
  }
};

const shotsOfKinds = (run: ProbeRun, kinds: readonly PacketKind[]): readonly Shot[] =>
  run.layouts.flatMap((layout) => {
    const probes = layout.probes.filter(({ kind }) => kinds.includes(kind));
    return pairsOf(run, layout).flatMap(([from, to]) =>
      probes.map(({ id }) => ({ probe: id, variant: 0, from, to })),
    );
  });

/** ARP may lose its first question and asks again after a second: such hosts are asked twice. */
const hasUnknownHop = (run: ProbeRun, net: number, host: number): boolean =>
  (run.layouts[net]?.members ?? []).some(
    (peer) => peer !== host && run.agents.get(host)?.hop(net, peer)?.mac === undefined,
  );

const look = async (run: ProbeRun, wanted: (net: number, host: number) => boolean): Promise<void> => {
  const asked = run.layouts.flatMap(({ net, members }) =>
    members
      .filter((host) => takesPart(run, host) && wanted(net, host))
      .map((host) => ({ net, host, before: run.agents.get(host)?.looks(net) ?? 0 })),
  );
  for (const { net, host } of asked) run.agents.get(host)?.session.send(`look ${net}`);
  const done = (): boolean =>
    asked.every(
      ({ net, host, before }) => !takesPart(run, host) || (run.agents.get(host)?.looks(net) ?? 0) > before,
    );
  await waitUntil(run, done, { limitMs: LOOK_LIMIT_MS });
};

const readCounters = async (run: ProbeRun): Promise<void> => {
  const agents = [...run.agents.values()].filter((agent) => agent.alive());
  for (const agent of agents) agent.session.send('counters');
  const done = (): boolean => agents.every((agent) => !agent.alive() || agent.badChecksums.length > 1);
  await waitUntil(run, done, { limitMs: LOOK_LIMIT_MS });
};
