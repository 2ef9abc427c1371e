import type { OutageGroup } from '../run/outages.js';

/** What each kind of subject is, in the order of importance. */
export const OUTAGE_KINDS: Readonly<Record<OutageGroup['kind'], string>> = {
  pod: 'pod to pod',
  host: 'host to pod',
  clusterip: 'ClusterIP',
  dns: 'cluster DNS',
  out: 'outside',
};

/** Tenths of a second; shorter than that in milliseconds. */
export const outageTime = (ms: number): string =>
  ms === 0 ? 'none' : ms < 100 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;

/** `k3s-master-01 → k3s-worker-02` of `pod:k3s-master-01→pod:k3s-worker-02`. */
export const subjectWords = (subject: string): string =>
  subject.replaceAll(/(pod|host|clusterip|dns|out):/g, '').replace('→', ' → ');

/** How the price of the change stands to that of a restart: `2.4 × the control`. */
export const againstControl = (
  group: OutageGroup,
  control: readonly OutageGroup[] | undefined,
): string | undefined => {
  const same = control?.find(({ kind }) => kind === group.kind);
  if (same === undefined || same.medianMs === 0 || group.medianMs === 0) return undefined;
  return `${(group.medianMs / same.medianMs).toFixed(1)} × the control`;
};
