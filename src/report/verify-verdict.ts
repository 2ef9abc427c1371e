import { count } from '../core/text.js';
import type { VerifySummary } from './report-state.js';

/** What a verification comes to, in a few words: `keybuzz works`, `b is as the bundle says`. */
export const verdictOf = ({ cluster, bundle, failed }: VerifySummary): string => {
  if (bundle === undefined) return failed === 0 ? `${cluster} works` : `${cluster} is not proven`;
  return failed === 0 ? `${cluster} is as the bundle says` : `${cluster} differs from the bundle`;
};

/** What was looked at: `212 checks`, `1 object`. */
export const amountOf = ({ bundle }: VerifySummary, n: number): string =>
  count(n, bundle === undefined ? 'check' : 'comparison');
