import type { Breach } from '../diagnosis/policy/check-policy.js';
import type { PolicyRule } from '../diagnosis/policy/rule.js';
import { escapeMarkup as x } from './xml.js';

const lineOf = ({ location, object, path, text, accepted }: Breach): string => {
  const place = location === undefined ? path : `${location.file}:${location.line}:${location.column}`;
  const remark = accepted === undefined ? '' : ` (accepted until ${accepted.until}: ${accepted.reason})`;
  return `${place} ${object}: ${text}${remark}`;
};

/** A rule fails a build when it is enforced and something breaks it; the rest is told as output. */
const caseXml = ({ code, title }: PolicyRule, breaches: readonly Breach[]): string => {
  const failing = breaches.filter(({ severity, accepted }) => severity === 'error' && accepted === undefined);
  const output = breaches.filter((breach) => !failing.includes(breach)).map(lineOf);
  return [
    `    <testcase classname="drover.policy" name="${x(`${code}: ${title}`)}" time="0.000">`,
    ...(failing.length === 0
      ? []
      : [`<failure type="${x(code)}" message="${x(title)}">${x(failing.map(lineOf).join('\n'))}</failure>`]),
    ...(output.length === 0 ? [] : [`<system-out>${x(output.join('\n'))}</system-out>`]),
    '</testcase>',
  ].join('');
};

/** The judgement as JUnit XML, a test case for every rule that is on. */
export const policyJunit = (rules: readonly PolicyRule[], breaches: readonly Breach[]): string => {
  const cases = rules.map((rule) =>
    caseXml(
      rule,
      breaches.filter((breach) => breach.rule === rule.code),
    ),
  );
  const failures = cases.filter((text) => text.includes('<failure ')).length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${cases.length}" failures="${failures}" time="0.000">`,
    `  <testsuite name="drover policy" tests="${cases.length}" failures="${failures}" time="0.000">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
};
