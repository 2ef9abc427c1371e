import type { DroverEvent } from '../core/events/event.js';

/** Draws events. `close` prints what can only be said at the end and must leave the terminal as it was found. */
export interface Renderer {
  readonly on: (event: DroverEvent) => void;
  readonly close: () => void;
}

/** Where rendered text goes. Progress and diagnostics never mix with the result. */
export interface Sinks {
  /** stdout: the result. */
  readonly result: (text: string) => void;
  /** stderr: everything else. */
  readonly progress: (text: string) => void;
}

/** Calls `tick` every `ms` until the returned function is called; a timer that does not keep the process alive. */
export type Every = (ms: number, tick: () => void) => () => void;
