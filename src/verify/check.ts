/** One thing that `verify` looked at. */
export interface CheckResult {
  /** Kebab-case; several results may share it, one per node or pair. */
  readonly check: string;
  readonly title: string;
  readonly status: 'pass' | 'fail' | 'not-managed' | 'not-applicable';
  readonly node?: string;
  /** For checks of ordered pairs: where to. */
  readonly to?: string;
  /** What was seen. */
  readonly detail: string;
}

export const pass = (part: Omit<CheckResult, 'status'>): CheckResult => ({ ...part, status: 'pass' });
export const fail = (part: Omit<CheckResult, 'status'>): CheckResult => ({ ...part, status: 'fail' });

export const passIf = (good: boolean, part: Omit<CheckResult, 'status'>): CheckResult => ({
  ...part,
  status: good ? 'pass' : 'fail',
});
