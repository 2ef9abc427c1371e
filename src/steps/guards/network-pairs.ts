import { sentence } from '../../core/text.js';
import type { GuardContext, GuardKind, GuardSample } from '../guard.js';
import { createLedger, type Ledger } from './pairs/ledger.js';
import { type GuardObjects, NAME_PREFIX } from './pairs/objects.js';
import { type PairsParams, subjectsOf } from './pairs/params.js';
import { makeProbers, removeProbers } from './pairs/probers.js';
import { openRelays, type Relays } from './pairs/relays.js';

/*
 * Fixed point i: who reaches whom, all the time while the network changes. Per node one prober in a pod and one on the host's
 * own network, both from a DaemonSet in a namespace of the run's own, and one line over SSH that carries what they saw.
 * Neither the API nor the network under test lies on the way back; what the line misses is in the records of the hosts.
 *
 * The host is probed from a pod on its network, not from a script of ours: it goes on when the line is cut, and it goes with
 * the namespace, also after Drover was killed.
 */

/** How often what is down is told again, and how soon blindness is seen. */
const TICK_MS = 250;
/** Pulling images and starting pods; who is not there by then is told and not watched. */
const START_MS = 90_000;
const LIFE_MS = 24 * 3_600_000;

const objectsOf = ({ run, clock }: GuardContext, { image }: PairsParams): GuardObjects => {
  // One run may watch several stages, and one namespace may still be going while the next is made.
  const namespace = `${NAME_PREFIX}${run}-${Math.floor(clock.now() / 1_000).toString(36)}`;
  return {
    namespace,
    run,
    image,
    expires: new Date(clock.now() + LIFE_MS).toISOString(),
    folder: `/run/drover/${namespace}`,
  };
};

const isOver = ({ signal }: GuardContext): boolean => signal.aborted;

interface Watch {
  readonly context: GuardContext;
  readonly params: PairsParams;
  readonly ledger: Ledger;
  readonly relays: Relays;
}

const tick = ({ clock, signal }: GuardContext): Promise<void> =>
  clock.delay(TICK_MS, signal).catch(() => undefined);

const subjectsFrom = (params: PairsParams, node: string): string[] =>
  subjectsOf(params).filter((subject) => subject.split('→')[0]?.split(':')[1] === node);

/** Waits until every subject has been sampled once. Returns the nodes on which that did not come to pass. */
const settle = async ({ context, params, ledger }: Watch): Promise<string[]> => {
  const begun = context.clock.monotonic();
  const late = (): string[] => {
    const judged = ledger.judged();
    return params.nodes.filter((node) => subjectsFrom(params, node).some((subject) => !judged.has(subject)));
  };
  while (!isOver(context) && late().length > 0 && context.clock.monotonic() - begun < START_MS)
    await tick(context);
  const judged = ledger.judged();
  return late().filter((node) => !subjectsFrom(params, node).some((subject) => judged.has(subject)));
};

/** A node that is not seen is not guarded. */
const blindNode = (
  { context, params, ledger, relays }: Watch,
  nodes: readonly string[],
): string | undefined => {
  const now = context.clock.monotonic();
  for (const node of nodes) {
    const ms = Math.round(now - (ledger.lastHeard(node) ?? now));
    if (ms <= params.blindMs) continue;
    const why = relays.problem(node);
    return `nothing was heard from ${node} for ${ms} ms${why === undefined ? '' : `: ${why}`}`;
  }
  return undefined;
};

async function* samples(watch: Watch): AsyncGenerator<GuardSample> {
  const { context, params, ledger, relays } = watch;
  const unwatched = await settle(watch);
  if (isOver(context)) return;
  const watched = params.nodes.filter((node) => !unwatched.includes(node));
  if (watched.length === 0) {
    const why = params.nodes.flatMap((node) => relays.problem(node) ?? []);
    throw new Error(`no prober came up on any node${why.length === 0 ? '' : `: ${sentence(why)}`}`);
  }
  const at = new Date(context.clock.now()).toISOString();
  context.keep({ type: 'watch', at, everyMs: params.everyMs, subjects: subjectsOf(params), unwatched });
  while (!isOver(context)) {
    const blind = blindNode(watch, watched);
    if (blind !== undefined) throw new Error(blind);
    yield* ledger.samples();
    yield { subject: 'probers', ok: true, detail: 'heard' };
    await tick(context);
  }
}

async function* watchPairs(context: GuardContext, params: PairsParams): AsyncGenerator<GuardSample> {
  const { clock } = context;
  const wall = (at: number): string => new Date(clock.now() - clock.monotonic() + at).toISOString();
  const ledger = createLedger({ wall, keep: context.keep });
  const objects = objectsOf(context, params);
  const relays = openRelays({
    context,
    nodes: params.nodes,
    folder: objects.namespace,
    ledger,
  });
  try {
    const made = await makeProbers(context, objects, params);
    if (!made.ok) throw new Error([made.error.message, made.error.cause].filter(Boolean).join(': '));
    yield* samples({ context, params, ledger, relays });
  } finally {
    ledger.close(clock.monotonic());
    context.keep({ type: 'end', at: new Date(clock.now()).toISOString() });
    await relays.end();
    await removeProbers(context, objects.namespace);
  }
}

/** Every pair of pods, hosts to pods, ClusterIP, DNS and what is outside, sampled several times a second. */
export const networkPairs: GuardKind<PairsParams> = {
  id: 'network.pairs',
  title: ({ nodes }) => `pods of all ${nodes.length} nodes reach each other, Services and DNS`,
  watch: watchPairs,
};
