import { doctorText } from './doctor-text.js';
import { documentRenderer } from './document.js';
import type { ReportFormat } from './formats.js';
import { githubRenderer } from './github.js';
import { htmlDocument } from './html.js';
import { errorsDocument } from './json.js';
import { jsonlRenderer } from './jsonl.js';
import { junitDocument } from './junit.js';
import { markdownDocument } from './markdown.js';
import { plainRenderer } from './plain.js';
import { quietRenderer } from './quiet.js';
import type { Every, Renderer, Sinks } from './renderer.js';
import type { ReportState } from './report-state.js';
import type { Style } from './style.js';
import { terminalRenderer } from './terminal.js';

export interface ReportOptions {
  readonly format: ReportFormat;
  readonly sinks: Sinks;
  /** Of stdout and stderr. */
  readonly resultStyle: Style;
  readonly progressStyle: Style;
  /** May stderr be redrawn in place. */
  readonly live: boolean;
  readonly verbose: boolean;
  readonly quiet: boolean;
  readonly github: boolean;
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly every: Every;
  /** Does this command end in a report document at all (the doctor does; `explain` does not). */
  readonly report: boolean;
}

const progressRenderer = (options: ReportOptions): Renderer => {
  const { progressStyle: style, sinks, every, verbose, live, quiet } = options;
  const write = sinks.progress;
  if (quiet) return quietRenderer(style, write);
  if (live) return terminalRenderer({ style, write, now: options.monotonic, every, verbose });
  return plainRenderer({ style, write, now: options.now, every, verbose });
};

const resultRenderer = ({ format, sinks, resultStyle, verbose }: ReportOptions): Renderer => {
  const documents: Readonly<Record<Exclude<ReportFormat, 'jsonl'>, (report: ReportState) => string>> = {
    text: (report) => doctorText(resultStyle, report, { full: verbose }),
    // The command prints the report itself; its failure is JSON too.
    json: errorsDocument,
    junit: junitDocument,
    markdown: markdownDocument,
    html: htmlDocument,
  };
  return format === 'jsonl' ? jsonlRenderer(sinks.result) : documentRenderer(documents[format], sinks.result);
};

/** All renderers get every event; they are closed in order, so that live lines go before the result comes. */
export const combine = (renderers: readonly Renderer[]): Renderer => ({
  on: (event) => {
    for (const renderer of renderers) renderer.on(event);
  },
  close: () => {
    for (const renderer of renderers) renderer.close();
  },
});

/** The renderers for one command: progress on stderr, the result on stdout. JSON lines carry both. */
export const openReport = (options: ReportOptions): Renderer =>
  combine([
    ...(options.format === 'jsonl' ? [] : [progressRenderer(options)]),
    ...(options.github ? [githubRenderer(options.sinks.progress)] : []),
    ...(options.report ? [resultRenderer(options)] : []),
  ]);
