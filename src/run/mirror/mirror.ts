import { readFileSync } from 'node:fs';
import type { HostTarget, Transport } from '../../core/ports/transport.js';
import { shellQuote } from '../../core/shell.js';
import { encodeLine, type JournalLine } from '../journal-line.js';
import { hostName } from '../remote/compose.js';

/*
 * Fixed point l: plan, journal and sealed secrets of a run lie on the server hosts too, so that another operator's
 * machine can go on with it. Copies follow the journal as fast as the hosts take them. An effect waits for one of them
 * only where it is the journal alone that knows what was there before; whatever else a lost machine had not sent yet is
 * found again by looking: units have names, and goals are observed.
 */

export interface MirrorInput {
  readonly transport: Transport;
  readonly hosts: readonly HostTarget[];
  readonly run: string;
  readonly cluster: string;
  readonly fencing: number;
  /** What the journal holds already. */
  readonly lines: readonly JournalLine[];
}

export interface Mirror {
  /** A line that is on disk here. */
  readonly add: (line: JournalLine) => void;
  /** A whole file, in place of the one before. */
  readonly put: (file: 'plan.json' | 'secrets.json', text: string) => void;
  /** Resolves when one host has all that was added so far, or none takes it now. */
  readonly reach: () => Promise<void>;
  /** Sends what is left; names the hosts that did not take it. */
  readonly flush: () => Promise<readonly string[]>;
}

const piece = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const APPEND = `${piece('../remote/fence.sh')}\n${piece('append.sh')}`;

/** Bytes per call; a long journal goes in several. */
const MOST_BYTES = 4 * 1024 * 1024;
const LIMIT_MS = 30_000;

interface Copy {
  readonly target: HostTarget;
  /** Bytes of the journal that the host has. */
  sent: number;
  readonly files: Map<string, Buffer>;
  running: Promise<void> | undefined;
  /** Another run holds the cluster: this one may not even leave a copy there. */
  fencedOff: boolean;
}

interface Part {
  readonly file: string;
  readonly offset: number;
  readonly data: Buffer;
}

type Sent = 'taken' | 'shorter' | 'fenced-off' | 'failed';

const send = async (input: MirrorInput, target: HostTarget, part: Part): Promise<Sent> => {
  const variables = [
    `DROVER_RUN=${shellQuote(hostName(input.run))}`,
    `DROVER_CLUSTER=${shellQuote(hostName(input.cluster))}`,
    `DROVER_FENCE=${input.fencing}`,
    `FILE=${shellQuote(part.file)}`,
    `OFFSET=${part.offset}`,
    `BYTES=${part.data.length}`,
  ].join('\n');
  const script = { title: `mirror ${part.file}`, text: `${variables}\n${APPEND}`, data: part.data };
  const result = await input.transport.run(target, script, { timeoutMs: LIMIT_MS });
  if (!result.ok) return 'failed';
  const known: Readonly<Record<number, Sent>> = { 0: 'taken', 75: 'fenced-off', 78: 'shorter' };
  return known[result.value.status] ?? 'failed';
};

/** Bytes of the journal from an offset on, at most {@link MOST_BYTES} unless one line is longer. */
const slice = (chunks: readonly Buffer[], from: number): Buffer => {
  const taken: Buffer[] = [];
  let at = 0;
  let bytes = 0;
  for (const chunk of chunks) {
    if (at >= from && (bytes === 0 || bytes + chunk.length <= MOST_BYTES)) {
      taken.push(chunk);
      bytes += chunk.length;
    } else if (at >= from) break;
    at += chunk.length;
  }
  return Buffer.concat(taken);
};

/** Opens the copies of one run. The first part of the journal replaces whatever a host has of this run. */
export const openMirror = (input: MirrorInput): Mirror => {
  const chunks = input.lines.map((line) => Buffer.from(encodeLine(line)));
  let total = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const copies: readonly Copy[] = input.hosts.map((target) => ({
    target,
    sent: 0,
    files: new Map(),
    running: undefined,
    fencedOff: false,
  }));

  const nextPart = (copy: Copy): Part | undefined => {
    const [file] = copy.files;
    if (file !== undefined) return { file: file[0], offset: 0, data: file[1] };
    if (copy.sent >= total) return undefined;
    return { file: 'journal.jsonl', offset: copy.sent, data: slice(chunks, copy.sent) };
  };

  const settle = (copy: Copy, part: Part, outcome: Sent): boolean => {
    if (outcome === 'fenced-off') copy.fencedOff = true;
    if (outcome === 'shorter') copy.sent = 0;
    if (outcome !== 'taken') return outcome === 'shorter' && part.offset > 0;
    if (part.file === 'journal.jsonl') copy.sent = part.offset + part.data.length;
    else if (copy.files.get(part.file) === part.data) copy.files.delete(part.file);
    return true;
  };

  const pump = async (copy: Copy): Promise<void> => {
    for (let going = true; going && !copy.fencedOff; ) {
      const part = nextPart(copy);
      if (part === undefined) return;
      going = settle(copy, part, await send(input, copy.target, part));
    }
  };

  const wake = (copy: Copy): Promise<void> => {
    copy.running ??= pump(copy).finally(() => {
      copy.running = undefined;
    });
    return copy.running;
  };

  /** What runs already may have begun before the last lines came: then it is sent once more. */
  const isReached = async (copy: Copy, bytes: number): Promise<boolean> => {
    await copy.running;
    if (copy.sent < bytes) await wake(copy);
    return copy.sent >= bytes;
  };

  return {
    reach: () => {
      const bytes = total;
      const asked = copies.map(async (copy) => isReached(copy, bytes));
      return new Promise((resolve) => {
        for (const each of asked) void each.then((reached) => (reached ? resolve() : undefined));
        void Promise.all(asked).then(() => resolve());
      });
    },
    add: (line) => {
      const chunk = Buffer.from(encodeLine(line));
      chunks.push(chunk);
      total += chunk.length;
      for (const copy of copies) void wake(copy);
    },
    put: (file, text) => {
      for (const copy of copies) {
        copy.files.set(file, Buffer.from(text));
        void wake(copy);
      }
    },
    flush: async () => {
      await Promise.all(copies.map(async (copy) => copy.running ?? Promise.resolve()));
      await Promise.all(copies.map(wake));
      return copies.flatMap((copy) => (nextPart(copy) === undefined ? [] : [copy.target.name]));
    },
  };
};
