import type { Renderer } from './renderer.js';

/** Every event as one JSON line, the first one telling the version of the interface. */
export const jsonlRenderer = (write: (text: string) => void): Renderer => ({
  on: (event) => write(`${JSON.stringify(event)}\n`),
  close: () => undefined,
});
