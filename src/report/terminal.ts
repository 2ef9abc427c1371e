import type { DroverEvent } from '../core/events/event.js';
import { clip, duration, pad } from './layout.js';
import { noWork, type OpenWork, trackWork } from './open-work.js';
import { progressLine } from './progress-line.js';
import type { Every, Renderer } from './renderer.js';
import { paint, type Style, symbol } from './style.js';

export interface TerminalOptions {
  readonly style: Style;
  readonly write: (text: string) => void;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly every: Every;
  readonly verbose: boolean;
}

const FRAME_MS = 100;
/** Live lines below each other; more hosts than these are counted. */
const LIVE_LINES = 10;
const FRAMES = { unicode: '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏', ascii: '|/-\\' } as const;

const ERASE_LINE = '\u001b[2K';
const up = (lines: number): string => (lines === 0 ? '' : `\u001b[${lines}A`);

/** The live part: the phase, then one line per host that is being worked on. */
const liveLines = (style: Style, work: OpenWork, frame: string, elapsed: number): readonly string[] => {
  if (work.phase === undefined) return [];
  const { title, total } = work.phase;
  const progress = total === undefined ? '' : ` ${work.done}/${total}`;
  const head = clip(`${title}${progress}, ${duration(elapsed)}`, style.columns - 3);
  const name = Math.max(0, ...work.hosts.map(({ host }) => host.length));
  const hosts = work.hosts
    .slice(0, LIVE_LINES)
    .map(({ host, text }) => clip(`  ${pad(host, name)}  ${text}`, style.columns - 3));
  const more =
    work.hosts.length > LIVE_LINES
      ? [`  ${symbol(style, 'more')} and ${work.hosts.length - LIVE_LINES} more hosts`]
      : [];
  const waiting =
    work.waiting === undefined ? [] : [clip(`  waiting for ${work.waiting}`, style.columns - 3)];
  return [
    `${paint(style, 'info', frame)} ${head}`,
    ...[...hosts, ...more, ...waiting].map((line) => paint(style, 'dim', line)),
  ];
};

/** A finished host takes one aligned line: its mark, name, what is known, time. */
const hostLine = (
  style: Style,
  event: Extract<DroverEvent, { type: 'host-done' | 'host-failed' }>,
  names: number,
): string => {
  const good = event.type === 'host-done';
  const mark = paint(style, good ? 'good' : 'error', symbol(style, good ? 'good' : 'error'));
  const text = good ? event.text : [event.error.message, event.error.cause].filter(Boolean).join(': ');
  const time = duration(event.durationMs);
  const room = Math.max(20, style.columns - names - time.length - 7);
  const name = paint(style, 'strong', pad(event.host, names));
  return `${mark} ${name}  ${pad(clip(text, room), good ? room : 0)}  ${paint(style, 'dim', time)}`;
};

/** What stays on the screen: hosts are told once, when their facts are known. */
const keptText = (
  { style, verbose }: Pick<TerminalOptions, 'style' | 'verbose'>,
  event: DroverEvent,
  names: number,
): string | undefined => {
  if (event.type === 'host-failed') return hostLine(style, event, names);
  if (event.type === 'host-done') {
    return event.phase === 'connect' || event.phase === 'probes' ? undefined : hostLine(style, event, names);
  }
  const shown =
    event.type === 'note' || event.type === 'diagnostic' || (verbose && event.type === 'host-progress');
  if (event.type === 'phase-done' && event.phase !== 'connect') {
    return paint(style, 'dim', `  ${event.title}, ${duration(event.durationMs)}`);
  }
  return shown ? progressLine(style, event, { verbose }) : undefined;
};

/** Live lines on a terminal: what runs is redrawn in place, what is done scrolls up. */
export const terminalRenderer = ({ style, write, now, every, verbose }: TerminalOptions): Renderer => {
  const frames = Array.from(style.unicode ? FRAMES.unicode : FRAMES.ascii);
  let work = noWork;
  let since = now();
  let drawn = 0;
  let names = 0;
  let tick = 0;
  const draw = (kept: string | undefined): void => {
    const lines = liveLines(style, work, frames[tick % frames.length] ?? '', now() - since);
    const erased = `${up(drawn)}${`${ERASE_LINE}\n`.repeat(drawn)}${up(drawn)}`;
    write(`${erased}${kept === undefined ? '' : `${kept}\n`}${lines.map((line) => `${line}\n`).join('')}`);
    drawn = lines.length;
  };
  const stop = every(FRAME_MS, () => {
    tick += 1;
    if (work.phase !== undefined) draw(undefined);
  });
  return {
    on: (event) => {
      if (event.type === 'phase-start') since = now();
      if ('host' in event) names = Math.max(names, event.host?.length ?? 0);
      work = trackWork(work, event);
      const kept = keptText({ style, verbose }, event, names);
      const redraw = kept !== undefined || event.type === 'phase-start' || event.type === 'phase-done';
      if (redraw) draw(kept);
    },
    close: () => {
      stop();
      work = noWork;
      if (drawn > 0) draw(undefined);
      // The result that follows on the same screen starts a new paragraph.
      if (names > 0) write('\n');
    },
  };
};
