import type { DroverError, SourceLocation } from '../core/error.js';
import type { Severity } from '../core/events/finding.js';
import { hang, wrap } from './layout.js';
import { paint, type Style } from './style.js';

/** The source line with a caret under the place, tabs kept so that the caret stands where an editor shows it. */
export const excerpt = (
  style: Style,
  location: SourceLocation,
  label: string | undefined,
): readonly string[] => {
  if (location.text === undefined) return [];
  const number = String(location.line).padStart(4);
  const bar = paint(style, 'dim', '|');
  const before = location.text.slice(0, location.column - 1).replace(/[^\t]/g, ' ');
  const room = location.text.length - location.column + 1;
  const carets = '^'.repeat(Math.max(1, Math.min(location.length ?? 1, room)));
  const text = label === undefined ? carets : `${carets} ${label}`;
  return [
    `     ${bar}`,
    `${paint(style, 'dim', number)} ${bar} ${location.text}`,
    `     ${bar} ${before}${paint(style, 'error', text)}`,
  ];
};

const place = ({ file, line, column }: SourceLocation): string => `${file}:${line}:${column}`;

/** Which host it was is the first thing that a person asks. */
const messageOf = ({ message, host }: DroverError): string =>
  host === undefined || message.includes(host) ? message : `${host}: ${message}`;

/**
 * An error as a person meets it: what, where, why, what state the world is in, how to go on.
 * Ends without a line break.
 */
export const errorText = (style: Style, severity: Severity, error: DroverError): string => {
  const head = `${paint(style, severity, `${severity}[${error.code}]`)} ${paint(style, 'strong', messageOf(error))}`;
  const detail = (name: string, text: string | undefined): readonly string[] =>
    text === undefined ? [] : hang(`  ${paint(style, 'dim', `${name}:`.padEnd(7))}`, text, style.columns);
  return [
    ...wrap(head, style.columns),
    ...(error.location === undefined ? [] : [`  ${paint(style, 'dim', '-->')} ${place(error.location)}`]),
    ...(error.location === undefined ? [] : excerpt(style, error.location, error.label)),
    ...detail('cause', error.cause),
    ...detail('state', error.state),
    ...detail('hint', error.hint),
    ...detail('docs', `drover explain ${error.code}`),
  ].join('\n');
};
