import type { DroverEvent } from '../../src/core/events/event.js';
import type { Every, Renderer } from '../../src/report/renderer.js';
import type { Style } from '../../src/report/style.js';

export const plainStyle: Style = { color: false, unicode: true, columns: 100 };
export const narrow: Style = { ...plainStyle, columns: 80 };
export const ascii: Style = { color: false, unicode: false, columns: 80 };

/** A clock and timers that the test moves. */
export const manualTime = (): { now: () => number; every: Every; advance: (ms: number) => void } => {
  let now = Date.UTC(2026, 0, 2, 3, 4, 5);
  const timers = new Set<{ ms: number; next: number; tick: () => void }>();
  return {
    now: () => now,
    every: (ms, tick) => {
      const timer = { ms, next: now + ms, tick };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance: (ms) => {
      const until = now + ms;
      for (;;) {
        const due = [...timers].filter(({ next }) => next <= until).sort((a, b) => a.next - b.next)[0];
        if (due === undefined) break;
        now = due.next;
        due.next += due.ms;
        due.tick();
      }
      now = until;
    },
  };
};

export const sink = (): { write: (text: string) => void; text: () => string } => {
  let all = '';
  return { write: (text) => (all += text), text: () => all };
};

export const play = (renderer: Renderer, events: readonly DroverEvent[]): void => {
  for (const event of events) renderer.on(event);
  renderer.close();
};
