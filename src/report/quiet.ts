import { errorText } from './error-text.js';
import type { Renderer } from './renderer.js';
import { endedWell, runDone } from './run-line.js';
import type { Style } from './style.js';

/** Only errors, warnings and how a run ended that did not end well: for --quiet, where the result alone matters. */
export const quietRenderer = (style: Style, write: (text: string) => void): Renderer => ({
  on: (event) => {
    if (event.type === 'diagnostic') write(`${errorText(style, event.severity, event.error)}\n`);
    if (event.type === 'run-done' && !endedWell(event)) write(`${runDone(style, event)}\n`);
  },
  close: () => undefined,
});
