import type { ClusterFacts } from '../facts/cluster/cluster-facts.js';
import { networksInUse } from '../facts/cni/in-use.js';
import { type Kept, type Residue, residueOf } from '../facts/cni/residue-of.js';
import type { HostFacts } from '../facts/model/host-facts.js';

/** What hosts of a cluster keep: the networks that any of them uses. */
export const keptNetworks = (
  hosts: readonly HostFacts[],
  cluster: ClusterFacts | undefined,
): readonly Kept[] =>
  networksInUse(hosts, cluster).used.map(({ driver, mode }) => ({ driver, mode: mode ?? null }));

/** Residue of a host, silent where it is not known what the host uses. */
export const residueOn = (host: HostFacts, kept: readonly Kept[]): readonly Residue[] =>
  host.sections.kubernetes?.value === undefined || host.sections.cni?.value === undefined
    ? []
    : residueOf(host, { kept });
