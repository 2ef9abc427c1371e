import type { Finding } from '../core/events/finding.js';
import type { ReportState } from './report-state.js';
import { escapeMarkup as x } from './xml.js';

/** One test case of JUnit's format. */
export interface Case {
  readonly name: string;
  readonly seconds: number;
  readonly failure?: { readonly type: string; readonly message: string; readonly text: string };
  readonly output?: string;
  /** Why it was not tried. */
  readonly skipped?: string;
}

export const findingLines = (finding: Finding): string =>
  [
    ...finding.evidence.map(({ host, text }) => `seen: ${host === undefined ? '' : `${host}: `}${text}`),
    `cause: ${finding.cause}`,
    `fix: ${finding.fix.text}`,
  ].join('\n');

/** Errors fail a build; warnings and remarks are told as output of a passed case. */
const findingCase = (finding: Finding): Case => {
  const name = `${finding.code}: ${finding.title}`;
  const text = findingLines(finding);
  return finding.severity === 'error'
    ? { name, seconds: 0, failure: { type: finding.code, message: finding.title, text } }
    : { name, seconds: 0, output: `${finding.severity}\n${text}` };
};

/** Errors that ended the command. */
export const errorCases = ({ diagnostics }: ReportState): readonly Case[] =>
  diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ error }) => ({
      name: `${error.code}: ${error.message}`,
      seconds: 0,
      failure: { type: error.code, message: error.message, text: error.hint ?? error.cause ?? '' },
    }));

const casesOf = (report: ReportState): readonly Case[] => [
  ...errorCases(report),
  ...report.hosts.map(({ host, ok, text, durationMs }) => ({
    name: `host ${host}`,
    seconds: durationMs / 1000,
    ...(ok ? { output: text } : { failure: { type: 'unreachable', message: text, text } }),
  })),
  ...report.findings.map(findingCase),
];

const insideOf = ({ failure, output, skipped }: Case): string => {
  if (failure !== undefined)
    return `<failure type="${x(failure.type)}" message="${x(failure.message)}">${x(failure.text)}</failure>`;
  if (skipped !== undefined) return `<skipped message="${x(skipped)}"/>`;
  return output === undefined ? '' : `<system-out>${x(output)}</system-out>`;
};

export interface Suite {
  readonly name: string;
  readonly className: string;
  readonly cases: readonly Case[];
  readonly seconds: number;
  /** Said about the whole; empty = nothing. */
  readonly output: string;
}

const caseXml = (className: string, each: Case): string =>
  `    <testcase classname="${x(className)}" name="${x(each.name)}" time="${each.seconds.toFixed(3)}">${insideOf(each)}</testcase>`;

/** One suite as a JUnit document. */
export const suiteDocument = ({ name, className, cases, seconds, output }: Suite): string => {
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  const skips = cases.filter(({ skipped }) => skipped !== undefined).length;
  const time = seconds.toFixed(3);
  const counts = `tests="${cases.length}" failures="${failures}"${skips === 0 ? '' : ` skipped="${skips}"`} time="${time}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="${x(name)}" ${counts}>`,
    ...cases.map((each) => caseXml(className, each)),
    ...(output === '' ? [] : [`    <system-out>${x(output)}</system-out>`]),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
};

/** The doctor's report as JUnit XML, for CI systems. */
export const junitDocument = (report: ReportState): string =>
  suiteDocument({
    name: 'drover doctor',
    className: 'drover.doctor',
    cases: casesOf(report),
    seconds: (report.summary?.durationMs ?? 0) / 1000,
    output: '',
  });
