import type { CheckResult } from '../verify/check.js';
import { outcomeOf } from './check-groups.js';
import { type Case, errorCases, findingLines, suiteDocument } from './junit.js';
import type { ReportState } from './report-state.js';

const nameOf = ({ title, node, to }: CheckResult): string =>
  [title, ...(node === undefined ? [] : [to === undefined ? node : `${node} → ${to}`])].join(': ');

const caseOf = (result: CheckResult): Case => {
  const name = nameOf(result);
  const text = outcomeOf(result);
  if (result.status === 'fail')
    return { name, seconds: 0, failure: { type: result.check, message: text, text } };
  return result.status === 'pass' ? { name, seconds: 0, output: text } : { name, seconds: 0, skipped: text };
};

/** The verification as JUnit XML: one case per check and node or pair; the doctor's reasons as output of the suite. */
export const verifyJunit = (report: ReportState): string =>
  suiteDocument({
    name: 'drover verify',
    className: 'drover.verify',
    cases: [...errorCases(report), ...report.checks.map(caseOf)],
    seconds: (report.verify?.durationMs ?? 0) / 1000,
    output: report.findings.map((finding) => `${finding.title}\n${findingLines(finding)}`).join('\n\n'),
  });
