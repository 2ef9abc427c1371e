import { appendFileSync } from 'node:fs';
import type { DroverError } from '../core/error.js';
import { err, ok, type Result } from '../core/result.js';
import type { Every } from '../report/renderer.js';
import type { StreamFacts } from './terminal-facts.js';

export const factsOf = (stream: { readonly isTTY?: boolean; readonly columns?: number }): StreamFacts => ({
  isTTY: stream.isTTY === true,
  columns: stream.columns,
});

/** Timers of renderers never keep the process alive. */
export const every: Every = (ms, tick) => {
  const timer = setInterval(tick, ms);
  timer.unref();
  return () => clearInterval(timer);
};

/** Whoever reads stdout may stop reading (`| head`): that ends the output, not Drover's work. */
export const tolerateClosedPipe = (stream: NodeJS.WriteStream): void => {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
};

/** Opens a file for appending, once for all lines, and says so when that cannot be done. */
export const appender = (path: string): Result<(text: string) => void, DroverError> => {
  try {
    appendFileSync(path, '');
    return ok((text) => appendFileSync(path, text));
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return err({
      code: 'cannot-open-log',
      message: `cannot write to ${path}`,
      cause,
      state: 'nothing was done',
    });
  }
};
