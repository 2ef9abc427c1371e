import { sentence } from '../core/text.js';
import { duration } from './layout.js';
import { noWork, trackWork } from './open-work.js';
import { progressLine } from './progress-line.js';
import type { Every, Renderer } from './renderer.js';
import type { Style } from './style.js';

export interface PlainOptions {
  readonly style: Style;
  readonly write: (text: string) => void;
  /** Milliseconds since 1970; lines carry it as UTC time. */
  readonly now: () => number;
  readonly every: Every;
  readonly verbose: boolean;
}

/** Silence after which CI systems start to wonder. */
export const HEARTBEAT_MS = 30_000;

const clockTime = (ms: number): string => new Date(ms).toISOString().slice(11, 19);

/** Append-only lines with the time, for logs and CI; a heartbeat names what is still running. */
export const plainRenderer = ({ style, write, now, every, verbose }: PlainOptions): Renderer => {
  let work = noWork;
  let quietSince = now();
  let busySince = now();
  const line = (text: string): void => {
    quietSince = now();
    write(`${clockTime(now())} ${text}\n`);
  };
  const stop = every(HEARTBEAT_MS / 10, () => {
    const title = work.phase?.title ?? work.waiting;
    if (title === undefined || now() - quietSince < HEARTBEAT_MS) return;
    const what =
      work.waiting ??
      (work.hosts.length === 0
        ? title
        : sentence(
            work.hosts.map(({ host }) => host),
            4,
          ));
    const since = `still at ${title}, ${duration(now() - busySince)}`;
    line(what === title ? since : `${since}: waiting for ${what}`);
  });
  return {
    on: (event) => {
      if (event.type === 'phase-start') busySince = now();
      work = trackWork(work, event);
      // What is waited for changes many times a second: the heartbeat tells it now and then.
      if (event.type === 'waiting' && !verbose) return;
      const text = progressLine(style, event, { verbose });
      // An error is a block of its own that people copy: it carries no time.
      if (text !== undefined && event.type === 'diagnostic') write(`${text}\n`);
      else if (text !== undefined) line(text);
    },
    close: stop,
  };
};
