import type { Cluster } from '../spec/cluster.js';

/** Minor of a Kubernetes version such as `v1.34.2+k3s1`; undefined when it cannot be read. */
export const minorOf = (version: string | undefined): number | undefined => {
  const match = /^v?1\.(\d+)/.exec(version ?? '');
  return match === null ? undefined : Number(match[1]);
};

/** The Kubernetes version that the spec asks for, as written. */
export const wantedKubernetes = (cluster: Cluster | undefined): string | undefined => {
  const distribution = cluster?.spec.distribution;
  return distribution?.kind === 'kubespray' ? distribution.kubernetes : distribution?.version;
};
