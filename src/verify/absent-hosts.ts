import { sentence } from '../core/text.js';
import type { CheckResult } from './check.js';

/** Something that cannot be asked, because the lab has no such host. */
export interface NotThere {
  readonly host: string;
  /** What would be asked there: `postgres`, `the API through lb`. */
  readonly what: string;
}

/** One result for each host of the spec that a lab did not make, however much depends on it. Pure. */
export const absentHostResults = (missing: readonly NotThere[]): readonly CheckResult[] =>
  [...new Set(missing.map(({ host }) => host))].map((host) => ({
    check: 'lab-hosts',
    title: 'Hosts outside the cluster are in the lab',
    status: 'not-applicable',
    node: host,
    detail: `the lab has no such host, so nothing was asked of ${sentence(
      missing.filter((each) => each.host === host).map(({ what }) => what),
    )}; \`drover lab up --with ${host}\` makes it`,
  }));
