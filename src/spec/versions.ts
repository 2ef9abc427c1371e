import semver from 'semver';
import { installerOf } from './cni.js';
import { KNOWN_GOOD } from './networks/known-good.js';
import type { ClusterSpec } from './schema/cluster.js';

/** Kubernetes minors that Drover was made for, with the day on which upstream stops fixing them. */
export const KUBERNETES_MINORS: Readonly<Record<string, string>> = {
  '1.31': '2025-11-11',
  '1.32': '2026-02-28',
  '1.33': '2026-06-28',
  '1.34': '2026-10-27',
  '1.35': '2027-02-28',
  '1.36': '2027-06-28',
  '1.37': '2027-10-28',
};

/** Kubernetes minor that each Kubespray release installs unless told otherwise (its release notes). */
export const KUBESPRAY_KUBERNETES: Readonly<Record<string, string>> = {
  '2.23': '1.27',
  '2.24': '1.28',
  '2.25': '1.29',
  '2.26': '1.30',
  '2.27': '1.31',
  '2.28': '1.32',
  '2.29': '1.33',
  '2.30': '1.34',
  '2.31': '1.35',
};

export const K3S_VERSION = /^v\d+\.\d+\.\d+\+k3s\d+$/;

/** `1.34` of `v1.34.2+k3s1`; undefined when the text is no version. */
export const minorOf = (version: string): string | undefined => {
  const parsed = semver.parse(version);
  return parsed === null ? undefined : `${parsed.major}.${parsed.minor}`;
};

/** The Kubernetes version that a distribution brings, at least its minor; undefined when it is not known. */
export const kubernetesOf = (distribution: ClusterSpec['distribution']): string | undefined => {
  if (distribution.kind === 'k3s') return semver.parse(distribution.version)?.version;
  const asked = distribution.kubernetes ?? KUBESPRAY_KUBERNETES[minorOf(distribution.version) ?? ''];
  return semver.coerce(asked)?.version;
};

/** Version of the cluster network without `v`; undefined when it is no version, or it has none of its own. */
export const cniVersionOf = (network: ClusterSpec['network']): string | undefined => {
  const by = installerOf(network);
  const usual = by === undefined ? undefined : KNOWN_GOOD[by].usual;
  return semver.parse(network.cni.version ?? usual)?.version;
};

/** `v3.31.7` as Calico and Flannel tag it; undefined when it is no version. */
export const cniTag = (network: ClusterSpec['network']): string | undefined => {
  const version = cniVersionOf(network);
  return version === undefined ? undefined : `v${version}`;
};
