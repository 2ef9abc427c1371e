import type { Session } from '../../../core/ports/transport.js';
import type { GuardContext } from '../../guard.js';
import type { Ledger } from './ledger.js';
import { parseRelayLine } from './lines.js';
import { relayScript } from './programs.js';

/** Before a line that was cut is opened again. */
const AGAIN_MS = 1_000;
/** A relay that is told to end removes its folder within this time. */
const END_MS = 5_000;

export interface RelaysInput {
  readonly context: Pick<GuardContext, 'open' | 'clock'>;
  readonly nodes: readonly string[];
  readonly folder: string;
  readonly ledger: Ledger;
}

export interface Relays {
  /** Why a node has no line just now. */
  readonly problem: (node: string) => string | undefined;
  /** Ends all relays; each removes what the probers of its host wrote. */
  readonly end: () => Promise<void>;
}

/** One line per host: opened again whenever it is cut, going on where it was. */
export const openRelays = ({ context, nodes, folder, ledger }: RelaysInput): Relays => {
  const { clock } = context;
  const over = new AbortController();
  const { signal } = over;
  const isOver = (): boolean => signal.aborted;
  const sessions = new Map<string, Session>();
  const problems = new Map<string, string>();
  let told = '';

  const peers = (): string =>
    `peers ${[...ledger.addresses()].map(([node, address]) => `${node}=${address}`).join(',')}`;

  /** Who moved is told to all the others. */
  const spread = (): void => {
    const text = peers();
    if (text === told) return;
    told = text;
    for (const session of sessions.values()) session.send(text);
  };

  const listen = async (node: string, session: Session): Promise<void> => {
    ledger.opened(node, clock.monotonic());
    sessions.set(node, session);
    for (const [record, offset] of ledger.offsets(node)) session.send(`from ${record} ${offset}`);
    session.send(peers());
    session.send('go');
    for await (const text of session.lines) {
      const line = parseRelayLine(text);
      if (line === undefined) continue;
      if (line.type === 'refused') problems.set(node, line.why);
      else problems.delete(node);
      ledger.take(node, line, clock.monotonic());
      if (line.type === 'record' && line.entry.type === 'began') spread();
    }
  };

  const keepOpen = async (node: string): Promise<void> => {
    while (!isOver()) {
      const opened = await context.open(node, relayScript(folder));
      if (opened.ok) {
        if (isOver()) opened.value.abort();
        else await listen(node, opened.value);
        sessions.delete(node);
        problems.set(node, problems.get(node) ?? 'the line was cut');
      } else problems.set(node, opened.error.message);
      if (!isOver()) await clock.delay(AGAIN_MS, signal).catch(() => undefined);
    }
  };

  const running = Promise.all(nodes.map(keepOpen));
  const endOne = async (session: Session): Promise<void> => {
    session.send('end');
    const stop = new AbortController();
    const late = clock.delay(END_MS, stop.signal).then(
      () => session.abort(),
      () => undefined,
    );
    await session.close();
    stop.abort();
    await late;
  };
  return {
    problem: (node) => problems.get(node),
    end: async () => {
      over.abort();
      await Promise.all([...sessions.values()].map(endOne));
      await running;
    },
  };
};
