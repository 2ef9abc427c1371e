import type { Clock } from '../core/ports/clock.js';
import type { HostTarget, RunOutput, Transport, TransportFailure } from '../core/ports/transport.js';
import { printable } from '../core/text.js';
import type { Collector } from './collector.js';
import { COLLECTOR_IDS, collectors } from './collectors/catalogue.js';
import type { CollectorId, HostFacts, Section, Sections } from './model/host-facts.js';
import { type Frame, parseFrames } from './script/frames.js';
import { hostScript } from './script/host-script.js';

export interface CollectOptions {
  readonly clock: Clock;
  /** Random per run: secrets of different hosts are compared by HMACs with this key. At most 64 bytes. */
  readonly key: Uint8Array;
  /** Random per run, hexadecimal: marks the sections in the output. */
  readonly nonce: string;
  readonly role?: HostFacts['role'];
  readonly only?: readonly CollectorId[];
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Either the facts, or why there are none; `facts` of a failed host say so themselves. */
export interface HostCollection {
  readonly facts: HostFacts;
  readonly failure?: TransportFailure;
}

const TIMEOUT_MS = 30_000;
const OUTPUT_LIMIT = 16 * 1024 * 1024;
const RAW_LIMIT = 64 * 1024;

/** Raw output as it is kept: printable, and cut with a note beyond 64 KiB. */
const rawOf = (text: string): string => {
  const clean = printable(text);
  if (clean.length <= RAW_LIMIT) return clean;
  return `${clean.slice(0, RAW_LIMIT)}\n[cut: ${clean.length - RAW_LIMIT} more characters]`;
};

/** When the answer was under way, by the operator's clock and by the host's own monotonic clock. */
interface Window {
  readonly sentAt: number;
  readonly receivedAt: number;
  readonly hostBegin: number;
  readonly hostEnd: number;
}

/**
 * The time of a section alone: what ran before and after it on the host is subtracted, so that a slow script does
 * not blur the measurement of the clock.
 */
const sectionOf = (collector: Collector, frame: Frame, window: Window): Section<unknown> => {
  const sentAt = window.sentAt + (frame.begin - window.hostBegin) * 1000;
  const receivedAt = window.receivedAt - (window.hostEnd - frame.end) * 1000;
  const at = new Date(window.receivedAt).toISOString();
  const parsed = collector.parse({
    stdout: printable(frame.stdout),
    stderr: printable(frame.stderr),
    status: frame.status,
    sentAt,
    receivedAt,
  });
  return 'value' in parsed
    ? { at, value: parsed.value, raw: rawOf(frame.stdout) }
    : { at, error: parsed.error, raw: rawOf(frame.stdout) };
};

const sectionsOf = (
  wanted: readonly Collector[],
  output: RunOutput,
  context: { readonly mark: string; readonly receivedAt: number },
): Sections => {
  const frames = parseFrames(output.stdout.toString('utf8'), output.stderr.toString('utf8'), context.mark);
  const window: Window = {
    sentAt: context.receivedAt - (output.durationMs - (output.readyMs ?? 0)),
    receivedAt: context.receivedAt,
    hostBegin: Math.min(...frames.map(({ begin }) => begin)),
    hostEnd: Math.max(...frames.map(({ end }) => end)),
  };
  const at = new Date(context.receivedAt).toISOString();
  const entries = wanted.map((collector): [CollectorId, Section<unknown>] => {
    const frame = frames.find(({ id }) => id === collector.id);
    if (frame === undefined) return [collector.id, { at, error: 'the host did not answer this question' }];
    return [collector.id, sectionOf(collector, frame, window)];
  });
  return Object.fromEntries(entries);
};

/** Reads all facts of one host in one round trip. Changes nothing there. Never rejects. */
export const collectHost = async (
  transport: Transport,
  target: HostTarget,
  options: CollectOptions,
): Promise<HostCollection> => {
  const wanted = (options.only ?? COLLECTOR_IDS).map((id): Collector => collectors[id] as Collector);
  const mark = `drover-section-${options.nonce}`;
  const result = await transport.run(target, hostScript(wanted, mark, options.key), {
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    outputLimit: OUTPUT_LIMIT,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const host = { name: target.name, address: target.address, role: options.role ?? 'unknown' } as const;
  if (!result.ok) {
    const { kind, detail } = result.error;
    const contact = { state: 'failed', failure: kind, detail: printable(detail) } as const;
    return { facts: { ...host, contact, sections: {} }, failure: result.error };
  }
  const sections = sectionsOf(wanted, result.value, { mark, receivedAt: options.clock.now() });
  const connectMs = Math.round(result.value.readyMs ?? 0);
  return { facts: { ...host, contact: { state: 'reached', connectMs }, sections } };
};
