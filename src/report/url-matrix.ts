import type { CheckResult } from '../verify/check.js';
import type { PairMatrix } from './pair-matrix.js';

type Cell = PairMatrix['rows'][number][number];

const isUrl = ({ check }: CheckResult): boolean => check === 'url' || /^application-ingress(-|$)/.test(check);

const cellOf = (answer: CheckResult | undefined, certificate: CheckResult | undefined): Cell => {
  if (answer === undefined) return { state: 'unknown', detail: 'not asked' };
  if (answer.status !== 'pass') return { state: 'fail', detail: answer.detail };
  return certificate?.status === 'fail'
    ? { state: 'large', detail: `it answers, but its certificate is not good: ${certificate.detail}` }
    : { state: 'pass', detail: answer.detail };
};

/** Addresses as rows, who called them as columns: this machine, a pod, or through the ingress of each node. */
export const urlMatrix = (results: readonly CheckResult[]): readonly PairMatrix[] => {
  const asked = results.filter(
    (result) => isUrl(result) && result.node !== undefined && result.to !== undefined,
  );
  const from = [...new Set(asked.map(({ to = '' }) => to))];
  const to = [...new Set(asked.map(({ node = '' }) => node))];
  const find = (check: (result: CheckResult) => boolean, url: string, node: string) =>
    results.find((result) => check(result) && result.to === url && result.node === node);
  const rows = from.map((url) =>
    to.map((node) =>
      cellOf(
        find(isUrl, url, node),
        find(({ check }) => check === 'url-certificate', url, node),
      ),
    ),
  );
  return asked.length === 0 ? [] : [{ title: 'Addresses, and who calls them', from, to, rows }];
};
