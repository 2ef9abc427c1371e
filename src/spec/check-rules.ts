import type { DroverError } from '../core/error.js';
import type { RuleTools, SpecRule, SpecView } from './rule.js';
import { specRules } from './rules/index.js';
import type { ClusterSpec, SectionName } from './schema/cluster.js';

/** A problem that `spec.policy.exceptions` accepts. */
export interface Accepted {
  readonly code: string;
  readonly message: string;
  readonly reason: string;
  readonly until: string;
}

export interface Verdicts {
  readonly errors: readonly DroverError[];
  readonly warnings: readonly DroverError[];
  readonly accepted: readonly Accepted[];
}

type Exception = ClusterSpec['policy']['exceptions'][number];

const exceptionFor = (
  rule: SpecRule,
  exceptions: readonly Exception[],
  today: string,
): Exception | undefined =>
  rule.severity === 'warning' || rule.acceptable === true
    ? exceptions.find((exception) => exception.rule === rule.code && exception.until >= today)
    : undefined;

/** Exceptions for errors that nobody can accept, because what they name cannot work. */
const refused = (exceptions: readonly Exception[], at: RuleTools['at']): readonly DroverError[] =>
  exceptions.flatMap(({ rule: code }, index) => {
    const rule = specRules.find((one) => one.code === code);
    if (rule === undefined || rule.severity === 'warning' || rule.acceptable === true) return [];
    return [
      {
        code: 'exception-refused',
        message: `${code} cannot be accepted: the cluster would not work`,
        location: at(['spec', 'policy', 'exceptions', index, 'rule']),
        hint: 'correct what it names, and remove the exception',
      },
    ];
  });

export interface RuleInput {
  readonly view: Partial<SpecView>;
  /** Sections that are known to be valid. */
  readonly valid: ReadonlySet<SectionName>;
  readonly tools: RuleTools;
}

/** Runs every rule whose sections are valid. */
export const checkRules = ({ view, valid, tools }: RuleInput): Verdicts => {
  const errors: DroverError[] = [];
  const warnings: DroverError[] = [];
  const accepted: Accepted[] = [];
  const exceptions = view.policy?.exceptions ?? [];
  for (const rule of specRules.filter(({ reads }) => reads.every((section) => valid.has(section)))) {
    const exception = exceptionFor(rule, exceptions, tools.today);
    // The sections that the rule reads are there: `valid` was just checked.
    for (const problem of rule.check(view as SpecView, tools)) {
      if (exception !== undefined)
        accepted.push({
          code: rule.code,
          message: problem.message,
          reason: exception.reason,
          until: exception.until,
        });
      else (rule.severity === 'error' ? errors : warnings).push({ code: rule.code, ...problem });
    }
  }
  return { errors: [...errors, ...refused(exceptions, tools.at)], warnings, accepted };
};
