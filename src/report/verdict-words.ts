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

/** Why a verdict is what it is: conditions, or the evidence that it works. */
export const verdictReasons = (verdict: Verdict): readonly string[] => {
  if (verdict.conditions.length > 0) return verdict.conditions;
  return verdict.evidence
    .slice(0, 1)
    .map(({ host, text }) => (host === undefined ? text : `${host}: ${text}`));
};
