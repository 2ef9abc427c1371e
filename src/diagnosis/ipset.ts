import semver from 'semver';
import type { HostFacts } from '../facts/model/host-facts.js';
import type { Cluster } from '../spec/cluster.js';
import { cniVersionOf } from '../spec/versions.js';
import { valueOf } from './access.js';

/** Highest revision of hash:ip that the ipset inside Calico's images reads (7.11 in images since v3.22.1). */
export const CALICO_HASH_IP = 5;

/** Calico re-creates sets that it cannot read from these releases on. */
export const calicoHealsItself = (version: string): boolean => {
  const parsed = semver.coerce(version);
  return parsed !== null && semver.satisfies(parsed, '>=3.30.6 <3.31.0 || >=3.31.3');
};

/** The version of Calico that the spec asks for or gets; undefined when it asks for another network. */
export const calicoVersion = (cluster: Cluster | undefined): string | undefined => {
  if (cluster?.spec.network.cni.name !== 'calico') return undefined;
  return cluster.spec.network.cni.version ?? cniVersionOf(cluster.spec.network);
};

/** Does the Calico of the spec stop on sets that another program wrote? */
export const calicoStops = (cluster: Cluster | undefined): boolean => {
  const version = calicoVersion(cluster);
  return version !== undefined && !calicoHealsItself(version);
};

/** Sets of Calico that an older userspace cannot read. */
export const skewedSets = (
  host: HostFacts,
): readonly { readonly name: string; readonly revision: number }[] =>
  (valueOf(host, 'ipsets')?.sets ?? []).filter(
    ({ name, type, revision }) =>
      /^(cali|felix)/.test(name) && type === 'hash:ip' && revision > CALICO_HASH_IP,
  );

/** Chains that show K3s' network policy controller at work: it rewrites every set of the host at its own revision. */
export const kubeRouterChains = (host: HostFacts): readonly string[] =>
  (valueOf(host, 'traces') ?? [])
    .filter(({ owner, kind }) => owner === 'kube-router' && kind === 'chain')
    .map(({ name }) => name);
