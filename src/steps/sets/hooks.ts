import type { KubeObject } from '../../core/ports/kube.js';

/** Jobs that a chart runs before the rest: nothing behind them is written until they have ended. */
export const runsBefore = ({ kind, metadata }: KubeObject): boolean =>
  kind === 'Job' && /(^|,)\s*pre-(install|upgrade)/.test(metadata.annotations?.['helm.sh/hook'] ?? '');
