import { errorText } from './error-text.js';
import type { Renderer } from './renderer.js';
import type { Style } from './style.js';

/** Only errors and warnings: for --quiet, where the result alone matters. */
export const quietRenderer = (style: Style, write: (text: string) => void): Renderer => ({
  on: (event) => {
    if (event.type === 'diagnostic') write(`${errorText(style, event.severity, event.error)}\n`);
  },
  close: () => undefined,
});
