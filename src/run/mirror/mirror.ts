import type { HostTarget } from '../../core/ports/transport.js';
import { encodeLine, type JournalLine } from '../journal-line.js';
import { type CopiedFile, type Copy, type CopyInput, openCopy } from './copy.js';

/*
 * Fixed point l: plan, journal and sealed secrets of a run lie on the server hosts too, so that another operator's
 * machine can go on with it. Copies follow the journal within about a second. An effect waits for one of them
 * only where it is the journal alone that knows what was there before; whatever else a lost machine had not sent yet is
 * found again by looking: units have names, and goals are observed.
 */

export interface MirrorInput extends CopyInput {
  readonly hosts: readonly HostTarget[];
  /** What the journal holds already. */
  readonly lines: readonly JournalLine[];
}

export interface Mirror {
  /** A line that is on disk here. */
  readonly add: (line: JournalLine) => void;
  /** A whole file, in place of the one before. */
  readonly put: (file: CopiedFile, text: string) => void;
  /** Resolves when one host has all that was added so far, or none takes it now. */
  readonly reach: () => Promise<void>;
  /** Sends what is left; names the hosts that did not take it. */
  readonly flush: () => Promise<readonly string[]>;
}

/** One copy suffices; the others are hurried when it has not come after this long. */
const PATIENCE_MS = 1000;

/** Resolves with true as soon as one does, with false when none has. */
const anyOf = async (answers: readonly Promise<boolean>[]): Promise<boolean> => {
  const found = answers.map(async (answer) => {
    if (!(await answer)) throw new Error('not this one');
    return true;
  });
  return Promise.any(found).catch(() => false);
};

const reachOne = async (
  copies: readonly Copy[],
  bytes: number,
  { clock }: Pick<MirrorInput, 'clock'>,
): Promise<void> => {
  const [first, ...others] = [...copies].sort((a, b) => Number(a.isBehind()) - Number(b.isBehind()));
  if (first === undefined) return;
  const asked = first.reach(bytes);
  const impatient = new AbortController();
  const late = clock.delay(PATIENCE_MS, impatient.signal).then(
    () => false,
    () => false,
  );
  const soon = await Promise.race([asked, late]);
  impatient.abort();
  if (!soon) await anyOf([asked, ...others.map((copy) => copy.reach(bytes))]);
};

/** Opens the copies of one run. */
export const openMirror = (input: MirrorInput): Mirror => {
  const chunks = input.lines.map((line) => Buffer.from(encodeLine(line)));
  const lines = { chunks, total: chunks.reduce((sum, chunk) => sum + chunk.length, 0) };
  const copies = input.hosts.map((target) => openCopy(input, target, lines));
  return {
    add: (line) => {
      const chunk = Buffer.from(encodeLine(line));
      chunks.push(chunk);
      lines.total += chunk.length;
      for (const copy of copies) copy.wake();
    },
    put: (file, text) => {
      const data = Buffer.from(text);
      for (const copy of copies) copy.put(file, data);
    },
    reach: () => reachOne(copies, lines.total, input),
    flush: async () => {
      const taken = await Promise.all(copies.map(async (copy) => ({ copy, all: await copy.flush() })));
      return taken.flatMap(({ copy, all }) => (all ? [] : [copy.host]));
    },
  };
};
