import type { Finding } from '../core/events/finding.js';
import type { ReportState } from './report-state.js';
import { escapeMarkup as x } from './xml.js';

interface Case {
  readonly name: string;
  readonly seconds: number;
  readonly failure?: { readonly type: string; readonly message: string; readonly text: string };
  readonly output?: string;
}

const findingLines = (finding: Finding): string =>
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

const casesOf = (report: ReportState): readonly Case[] => [
  ...report.diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ error }) => ({
      name: `${error.code}: ${error.message}`,
      seconds: 0,
      failure: { type: error.code, message: error.message, text: error.hint ?? error.cause ?? '' },
    })),
  ...report.hosts.map(({ host, ok, text, durationMs }) => ({
    name: `host ${host}`,
    seconds: durationMs / 1000,
    ...(ok ? { output: text } : { failure: { type: 'unreachable', message: text, text } }),
  })),
  ...report.findings.map(findingCase),
];

const caseXml = ({ name, seconds, failure, output }: Case): string => {
  const open = `    <testcase classname="drover.doctor" name="${x(name)}" time="${seconds.toFixed(3)}">`;
  const inside =
    failure === undefined
      ? output === undefined
        ? ''
        : `<system-out>${x(output)}</system-out>`
      : `<failure type="${x(failure.type)}" message="${x(failure.message)}">${x(failure.text)}</failure>`;
  return `${open}${inside}</testcase>`;
};

/** The report as JUnit XML, for CI systems. */
export const junitDocument = (report: ReportState): string => {
  const cases = casesOf(report);
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  const time = ((report.summary?.durationMs ?? 0) / 1000).toFixed(3);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${cases.length}" failures="${failures}" time="${time}">`,
    `  <testsuite name="drover doctor" tests="${cases.length}" failures="${failures}" time="${time}">`,
    ...cases.map(caseXml),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
};
