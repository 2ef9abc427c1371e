import type { Verdict } from '../core/events/verdict.js';
import type { SymbolName, Tone } from './style.js';

/** How each status of a verdict is said and marked, the same in every format. */
export const VERDICT_WORDS: Readonly<
  Record<Verdict['status'], { readonly text: string; readonly mark: SymbolName; readonly tone: Tone }>
> = {
  works: { text: 'works', mark: 'good', tone: 'good' },
  'works-if': { text: 'works if', mark: 'warning', tone: 'warning' },
  cannot: { text: 'cannot work', mark: 'error', tone: 'error' },
  unknown: { text: 'unknown', mark: 'unknown', tone: 'info' },
};

/** Why a verdict is what it is: its conditions, else what was measured between hosts, which says more than one host's facts. */
export const verdictReasons = ({ conditions, evidence }: Verdict): readonly string[] => {
  if (conditions.length > 0) return conditions;
  const paths = evidence.filter(({ host }) => host === undefined).map(({ text }) => text);
  if (paths.length > 0) return [paths.join(', ')];
  return evidence.slice(0, 1).map(({ host, text }) => `${host ?? ''}: ${text}`);
};

/** The MTU to set; a network that cannot work has none worth telling. */
export const verdictMtu = ({ status, mtu }: Verdict): number | undefined =>
  status === 'cannot' ? undefined : mtu;
