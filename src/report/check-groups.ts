import type { CheckResult } from '../verify/check.js';

/** All results of one check: a line of the report. */
export interface CheckGroup {
  readonly check: string;
  readonly title: string;
  readonly results: readonly CheckResult[];
  readonly failed: readonly CheckResult[];
  /** Passed, but not at once. */
  readonly late: readonly CheckResult[];
}

/** Results by check, in the order in which the checks came. Sections without management are not among them. */
export const checkGroups = (results: readonly CheckResult[]): readonly CheckGroup[] => {
  const groups = new Map<string, CheckResult[]>();
  for (const result of results) {
    if (result.status === 'not-managed') continue;
    const group = groups.get(result.check);
    if (group === undefined) groups.set(result.check, [result]);
    else group.push(result);
  }
  return [...groups].map(([check, all]) => ({
    check,
    title: all[0]?.title ?? check,
    results: all,
    failed: all.filter(({ status }) => status === 'fail'),
    late: all.filter(({ status, retried }) => status === 'pass' && retried !== undefined),
  }));
};

/** Sections of the spec and addresses that this version does not look after. */
export const unmanagedOf = (results: readonly CheckResult[]): readonly CheckResult[] =>
  results.filter(({ status }) => status === 'not-managed');

export const isApplicable = ({ results }: CheckGroup): boolean =>
  results.some(({ status }) => status !== 'not-applicable');

const placeOf = ({ node, to }: CheckResult): string => {
  if (node === undefined) return '';
  return to === undefined ? `${node}: ` : `${node} to ${to}: `;
};

/** Details of pairs begin with the receiver, which the place has told already. */
const detailOf = ({ detail, to }: CheckResult): string =>
  to !== undefined && detail.startsWith(`${to}: `) ? detail.slice(to.length + 2) : detail;

/** Where, and what was seen; what did not hold at once is told, also when it held in the end. */
export const outcomeOf = (result: CheckResult): string => {
  const { retried, status } = result;
  const place = placeOf(result);
  if (retried === undefined) return `${place}${detailOf(result)}`;
  const tries = `${retried.attempts} tries in ${retried.seconds} s`;
  return status === 'fail'
    ? `${place}${detailOf(result)} (${tries})`
    : `${place}held after ${tries}; before: ${retried.failure}`;
};
