import type { DroverError } from '../core/error.js';
import type { DroverEvent, Emit } from '../core/events/event.js';
import { EVENT_INTERFACE } from '../core/events/interface.js';
import { type Realm, realmName } from '../core/realm.js';
import { ok, type Result } from '../core/result.js';
import { documentRenderer } from '../report/document.js';
import { REPORT_FORMATS, type ReportFormat } from '../report/formats.js';
import { errorsDocument } from '../report/json.js';
import { jsonlRenderer } from '../report/jsonl.js';
import { combine, openReport, summaryDocument } from '../report/open.js';
import { plainRenderer } from '../report/plain.js';
import type { Renderer, Sinks } from '../report/renderer.js';
import type { Style } from '../report/style.js';
import { systemClock } from '../system/clock.js';
import type { Command, ParsedArguments } from './command.js';
import { appender, every } from './streams.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** What main knows about the process when it opens a command's renderers. */
export interface ReporterInput {
  readonly command: Command;
  readonly flags: ParsedArguments['flags'];
  readonly env: Environment;
  readonly realm: Realm;
  readonly tool: string;
  readonly sinks: Sinks;
  readonly resultStyle: Style;
  readonly progressStyle: Style;
  readonly live: boolean;
}

export interface Reporter {
  readonly emit: Emit;
  readonly close: () => void;
}

/** `--output` is a format only where it has choices: other commands may name a file with it. */
const outputOf = ({ command, flags }: ReporterInput): string | undefined =>
  command.flags.some(({ name, choices }) => name === 'output' && choices !== undefined)
    ? String(flags.output)
    : undefined;

const formatOf = (input: ReporterInput): ReportFormat => {
  const { command } = input;
  const output = outputOf(input);
  const asked = REPORT_FORMATS.find((format) => format === output) ?? 'text';
  return command.report !== undefined || asked === 'jsonl' ? asked : 'text';
};

const mainRenderer = (input: ReporterInput): Renderer =>
  openReport({
    format: formatOf(input),
    report: input.command.report,
    sinks: input.sinks,
    resultStyle: input.resultStyle,
    progressStyle: input.progressStyle,
    live: input.live,
    verbose: input.flags.verbose === true,
    quiet: input.flags.quiet === true,
    github: input.env.GITHUB_ACTIONS === 'true',
    now: () => systemClock.now(),
    monotonic: () => systemClock.monotonic(),
    every,
  });

/** A command that prints one JSON document still prints JSON when it fails. */
const jsonErrors = (input: ReporterInput): readonly Renderer[] =>
  input.command.report === undefined && outputOf(input) === 'json'
    ? [documentRenderer(errorsDocument, input.sinks.result)]
    : [];

const logRenderer = ({ flags, progressStyle }: ReporterInput): Result<readonly Renderer[], DroverError> => {
  if (typeof flags['log-file'] !== 'string') return ok([]);
  const write = appender(flags['log-file']);
  if (!write.ok) return write;
  if (flags['log-format'] !== 'text') return ok([jsonlRenderer(write.value)]);
  const style = { ...progressStyle, color: false };
  return ok([
    plainRenderer({ style, write: write.value, now: () => systemClock.now(), every, verbose: true }),
  ]);
};

/** GitHub shows this file on the page of the job. */
const stepSummary = ({ command, env }: ReporterInput): readonly Renderer[] => {
  const path = env.GITHUB_STEP_SUMMARY;
  if (command.report === undefined || path === undefined || path === '') return [];
  const write = appender(path);
  return write.ok ? [documentRenderer(summaryDocument(command.report), write.value)] : [];
};

/** Opens everything that draws this command's events. The `version` event goes first, before the first other one. */
export const openReporter = (input: ReporterInput): Result<Reporter, DroverError> => {
  const log = logRenderer(input);
  if (!log.ok) return log;
  const renderer = combine([mainRenderer(input), ...jsonErrors(input), ...log.value, ...stepSummary(input)]);
  const first: DroverEvent = {
    type: 'version',
    interface: EVENT_INTERFACE,
    tool: input.tool,
    realm: realmName(input.realm),
  };
  let started = false;
  return ok({
    emit: (event) => {
      if (!started) renderer.on(first);
      started = true;
      renderer.on(event);
    },
    close: renderer.close,
  });
};
