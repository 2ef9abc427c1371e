import { canonicalJson, sha256 } from '../core/canonical.js';
import type { RunEvent } from '../core/events/run.js';
import { err, ok, type Result } from '../core/result.js';

/**
 * One line of a journal. `hash` covers everything else of the line, `prev` is the hash of the line before: the
 * chain shows corruption and lost lines; it is no proof against an attacker who can write the whole file.
 */
export interface JournalLine {
  readonly seq: number;
  /** ISO 8601. */
  readonly at: string;
  readonly prev: string;
  readonly event: RunEvent;
  readonly hash: string;
}

export const GENESIS = '0'.repeat(64);

export const makeLine = (
  previous: { readonly seq: number; readonly hash: string } | undefined,
  at: string,
  event: RunEvent,
): JournalLine => {
  const content = { seq: (previous?.seq ?? 0) + 1, at, prev: previous?.hash ?? GENESIS, event };
  return { ...content, hash: sha256(canonicalJson(content)) };
};

export const encodeLine = (line: JournalLine): string => `${canonicalJson(line)}\n`;

export interface JournalContent {
  readonly lines: readonly JournalLine[];
  /** Bytes of a last line that a crash cut short; it never had an effect, because effects follow their line. */
  readonly torn: string;
}

export interface JournalDamage {
  /** Line number, from 1. */
  readonly line: number;
  readonly detail: string;
}

const parseLine = (text: string): JournalLine | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    const looksRight =
      typeof value === 'object' && value !== null && 'hash' in value && 'event' in value && 'seq' in value;
    return looksRight ? (value as JournalLine) : undefined;
  } catch {
    return undefined;
  }
};

/** Reads a journal and checks its chain. A torn end is tolerated, anything else is damage that names its line. */
export const decodeJournal = (text: string): Result<JournalContent, JournalDamage> => {
  const end = text.lastIndexOf('\n') + 1;
  const complete = text.slice(0, end).split('\n').slice(0, -1);
  const lines: JournalLine[] = [];
  for (const [index, raw] of complete.entries()) {
    const line = parseLine(raw);
    const previous = lines.at(-1);
    if (line === undefined) return err({ line: index + 1, detail: 'is not a journal line' });
    const expected = makeLine(previous, line.at, line.event);
    if (line.prev !== expected.prev || line.seq !== expected.seq) {
      return err({ line: index + 1, detail: 'does not follow the line before it' });
    }
    if (line.hash !== expected.hash)
      return err({ line: index + 1, detail: 'was changed after it was written' });
    lines.push(line);
  }
  return ok({ lines, torn: text.slice(end) });
};
