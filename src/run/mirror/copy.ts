import { readFileSync } from 'node:fs';
import type { Clock } from '../../core/ports/clock.js';
import type { HostTarget, Transport } from '../../core/ports/transport.js';
import { shellQuote } from '../../core/shell.js';
import { hostName } from '../remote/compose.js';

/** What all copies of a run share. */
export interface CopyInput {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly run: string;
  readonly cluster: string;
  readonly fencing: number;
}

/** The journal as it is to be on every host. */
export interface Lines {
  readonly chunks: readonly Buffer[];
  /** Bytes of all chunks. */
  readonly total: number;
}

export type CopiedFile = 'plan.json' | 'secrets.json';

/** The copy of one run on one host. */
export interface Copy {
  readonly host: string;
  /** The host did not take what it was sent last. */
  readonly isBehind: () => boolean;
  /** There is something new: it goes with what else comes during the rest after the last call. */
  readonly wake: () => void;
  readonly put: (file: CopiedFile, data: Buffer) => void;
  /** Sends without rest until the host has so many bytes of the journal; false = it does not take them now. */
  readonly reach: (bytes: number) => Promise<boolean>;
  /** Sends all that is left; false = the host did not take it. */
  readonly flush: () => Promise<boolean>;
}

const piece = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const APPEND = `${piece('../remote/fence.sh')}\n${piece('append.sh')}`;

/** Bytes per call; a long journal goes in several. */
const MOST_BYTES = 4 * 1024 * 1024;
const LIMIT_MS = 30_000;
/** A call costs this machine and the host a process each: lines that nobody waits for go together. */
const REST_MS = 1000;

interface Part {
  readonly file: string;
  readonly offset: number;
  readonly data: Buffer;
}

type Sent = 'taken' | 'shorter' | 'fenced-off' | 'failed';

const send = async (input: CopyInput, target: HostTarget, part: Part): Promise<Sent> => {
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

/** Opens the copy on one host. The first part of the journal replaces whatever the host has of this run. */
export const openCopy = (input: CopyInput, target: HostTarget, lines: Lines): Copy => {
  const files = new Map<CopiedFile, Buffer>();
  let sent = 0;
  let last: Sent = 'taken';
  let running: Promise<void> | undefined;
  let restsUntil = 0;
  let waiting = 0;
  let rest: AbortController | undefined;

  const nextPart = (): Part | undefined => {
    const [file] = files;
    if (file !== undefined) return { file: file[0], offset: 0, data: file[1] };
    if (sent >= lines.total) return undefined;
    return { file: 'journal.jsonl', offset: sent, data: slice(lines.chunks, sent) };
  };

  /** Whether to go on. */
  const settle = (part: Part): boolean => {
    if (last === 'shorter') sent = 0;
    if (last !== 'taken') return last === 'shorter' && part.offset > 0;
    if (part.file === 'journal.jsonl') sent = part.offset + part.data.length;
    else for (const [file, data] of files) if (data === part.data) files.delete(file);
    return true;
  };

  const resting = async (): Promise<void> => {
    const ms = restsUntil - input.clock.monotonic();
    if (ms <= 0 || waiting > 0) return;
    rest = new AbortController();
    // Rejects when somebody cannot wait: then the rest is over.
    await input.clock.delay(ms, rest.signal).catch(() => undefined);
  };

  const pump = async (): Promise<void> => {
    for (let going = true; going && last !== 'fenced-off' && nextPart() !== undefined; ) {
      await resting();
      const part = nextPart();
      if (part === undefined) return;
      last = await send(input, target, part);
      restsUntil = input.clock.monotonic() + REST_MS;
      going = settle(part);
    }
  };

  const wake = (): Promise<void> => {
    running ??= pump().finally(() => {
      running = undefined;
    });
    return running;
  };

  /** What runs already may have begun before the last lines came: then it is sent once more. */
  const hurried = async (isDone: () => boolean): Promise<boolean> => {
    waiting += 1;
    rest?.abort();
    await running;
    if (!isDone()) await wake();
    waiting -= 1;
    return isDone();
  };

  return {
    host: target.name,
    isBehind: () => last !== 'taken',
    wake: () => void wake(),
    put: (file, data) => {
      files.set(file, data);
      void wake();
    },
    reach: (bytes) => hurried(() => sent >= bytes),
    flush: () => hurried(() => nextPart() === undefined),
  };
};
