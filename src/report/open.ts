import { unreachable } from '../core/unreachable.js';
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
import { verifyHtml } from './verify-html.js';
import { verifyJunit } from './verify-junit.js';
import { verifyMarkdown } from './verify-markdown.js';
import { verifyText } from './verify-text.js';

/** Commands that end in a report document. */
export type ReportKind = 'doctor' | 'verify';

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
  /** The document that this command ends in; undefined for commands without one (`explain`). */
  readonly report: ReportKind | undefined;
}

const progressRenderer = (options: ReportOptions): Renderer => {
  const { progressStyle: style, sinks, every, verbose, live, quiet } = options;
  const write = sinks.progress;
  if (quiet) return quietRenderer(style, write);
  if (live) return terminalRenderer({ style, write, now: options.monotonic, every, verbose });
  return plainRenderer({ style, write, now: options.now, every, verbose });
};

type Documents = Readonly<Record<'text' | 'junit' | 'markdown' | 'html', (report: ReportState) => string>>;

const documentsOf = (
  kind: ReportKind,
  { resultStyle, verbose }: Pick<ReportOptions, 'resultStyle' | 'verbose'>,
): Documents => {
  switch (kind) {
    case 'doctor':
      return {
        text: (report) => doctorText(resultStyle, report, { full: verbose }),
        junit: junitDocument,
        markdown: markdownDocument,
        html: htmlDocument,
      };
    case 'verify':
      return {
        text: (report) => verifyText(resultStyle, report, { full: verbose }),
        junit: verifyJunit,
        markdown: verifyMarkdown,
        html: verifyHtml,
      };
    default:
      return unreachable(kind);
  }
};

const resultRenderer = (kind: ReportKind, options: ReportOptions): Renderer => {
  const { format, sinks } = options;
  if (format === 'jsonl') return jsonlRenderer(sinks.result);
  // The command prints its JSON itself; its failure is JSON too.
  const render = format === 'json' ? errorsDocument : documentsOf(kind, options)[format];
  return documentRenderer(render, sinks.result);
};

/** The Markdown document of a command, for pages that CI systems show. */
export const summaryDocument = (kind: ReportKind): ((report: ReportState) => string) =>
  kind === 'doctor' ? markdownDocument : verifyMarkdown;

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
    ...(options.report === undefined ? [] : [resultRenderer(options.report, options)]),
  ]);
