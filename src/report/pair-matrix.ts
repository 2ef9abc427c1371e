import type { CheckResult } from '../verify/check.js';

/** What one ordered pair of nodes showed: `large` = small packets pass, full ones do not. */
export type PairState = 'pass' | 'large' | 'fail' | 'unknown';

/** One picture: senders, or addresses that are called, are rows; receivers, or who calls, are columns. */
export interface PairMatrix {
  readonly title: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly rows: readonly (readonly { readonly state: PairState; readonly detail: string }[])[];
}

interface Kind {
  readonly title: string;
  readonly small: string;
  readonly large?: string;
}

const KINDS: readonly Kind[] = [
  { title: 'Pods to pods', small: 'pod-to-pod', large: 'pod-to-pod-large' },
  { title: 'Hosts to pods', small: 'host-to-pod', large: 'host-to-pod-large' },
  { title: 'Pods to hosts', small: 'pod-to-host' },
  { title: 'Hosts to hosts', small: 'host-to-host' },
];

const key = (check: string, from: string, to: string): string => `${check}\t${from}\t${to}`;

const cellOf = (
  small: CheckResult | undefined,
  large: CheckResult | undefined,
): { readonly state: PairState; readonly detail: string } => {
  if (small === undefined) return { state: 'unknown', detail: 'not measured' };
  if (small.status === 'fail') return { state: 'fail', detail: small.detail };
  if (large?.status === 'fail')
    return { state: 'large', detail: `small packets pass, full ones do not: ${large.detail}` };
  return { state: 'pass', detail: (large ?? small).detail };
};

/** The checks of ordered pairs as matrices; a kind that was not looked at is left out. */
export const pairMatrices = (results: readonly CheckResult[]): readonly PairMatrix[] => {
  const kinds = new Set(
    KINDS.flatMap(({ small, large }) => [small, ...(large === undefined ? [] : [large])]),
  );
  const pairs = new Map<string, CheckResult>();
  // Nodes whose probes did not run are in the picture, as what nobody could ask.
  const nodes = new Set<string>();
  for (const result of results) {
    if (result.check === 'probe-pods' && result.node !== undefined) nodes.add(result.node);
    if (!kinds.has(result.check) || result.node === undefined || result.to === undefined) continue;
    pairs.set(key(result.check, result.node, result.to), result);
    nodes.add(result.node).add(result.to);
  }
  const names = [...nodes];
  const looked = KINDS.filter(({ small }) => results.some(({ check }) => check === small));
  return looked.map(({ title, small, large }) => ({
    title,
    from: names,
    to: names,
    rows: names.map((from) =>
      names.map((to) =>
        cellOf(
          pairs.get(key(small, from, to)),
          large === undefined ? undefined : pairs.get(key(large, from, to)),
        ),
      ),
    ),
  }));
};
