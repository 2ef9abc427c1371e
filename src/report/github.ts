import type { DroverEvent } from '../core/events/event.js';
import type { Severity } from '../core/events/finding.js';
import type { Renderer } from './renderer.js';

const LEVEL: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/** Escapes of GitHub's workflow commands: the message, and more for property values. */
const message = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => message(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

const annotation = (event: DroverEvent): string | undefined => {
  if (event.type === 'finding') {
    const { severity, code, title, fix } = event.finding;
    return `::${LEVEL[severity]} title=${property(code)}::${message(`${title}\n${fix.text}`)}`;
  }
  if (event.type !== 'diagnostic') return undefined;
  const { code, message: text, location, hint } = event.error;
  const place =
    location === undefined
      ? ''
      : `file=${property(location.file)},line=${location.line},col=${location.column},`;
  const full = hint === undefined ? text : `${text}\n${hint}`;
  return `::${LEVEL[event.severity]} ${place}title=${property(code)}::${message(full)}`;
};

/** Annotations for GitHub Actions, beside the ordinary log. */
export const githubRenderer = (write: (text: string) => void): Renderer => ({
  on: (event) => {
    const text = annotation(event);
    if (text !== undefined) write(`${text}\n`);
  },
  close: () => undefined,
});
