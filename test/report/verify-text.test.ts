import { expect, it } from 'vitest';
import { verifyText } from '../../src/report/verify-text.js';
import type { CheckResult } from '../../src/verify/check.js';

const style = { color: false, unicode: true, columns: 100 };
const service = { check: 'cluster-ip', title: 'The ClusterIP of a Service answers' } as const;

it('tells what passed only after retries, and how often a failure was tried', () => {
  const results: readonly CheckResult[] = [
    { check: 'ready', title: 'The node is Ready', status: 'pass', node: 'a', detail: 'Ready' },
    { ...service, status: 'pass', node: 'a', detail: 'probe: a' },
    {
      ...service,
      status: 'pass',
      node: 'b',
      detail: 'probe: a',
      retried: { attempts: 3, seconds: 6, failure: 'wget: download timed out' },
    },
    {
      ...service,
      status: 'fail',
      node: 'c',
      detail: 'probe: wget: download timed out',
      retried: { attempts: 5, seconds: 16, failure: 'wget: download timed out' },
    },
    { check: 'spec-section', title: 'spec.ingress', status: 'not-managed', detail: 'not managed' },
  ];
  expect(verifyText(style, results)).toMatchInlineSnapshot(`
    "✓ The node is Ready
    ✗ The ClusterIP of a Service answers  2 of 3
        c: probe: wget: download timed out (5 tries in 16 s)
        b: held after 3 tries in 6 s; before: wget: download timed out
    – spec.ingress: not managed

    Verify: 3 checks passed (1 not at once), 1 failed, 1 not managed.
    "
  `);
});
