import { ownerOfAnnotation, ownerOfDefinition } from '../../facts/cni/cluster-signs.js';
import { type CniName } from '../../facts/cni/driver.js';
import { driverOf } from '../../facts/cni/drivers.js';
import type { Kept } from '../../facts/cni/residue-of.js';
import type { World } from '../step.js';

/** What unused networks have in a cluster. A type alias is JSON, an interface is not. */
export type ClusterRemains = {
  readonly annotations: readonly { readonly cni: CniName; readonly node: string; readonly key: string }[];
  readonly definitions: readonly { readonly cni: CniName; readonly name: string }[];
};

/** Undefined when no API was there to ask. */
export const clusterRemains = ({ cluster }: World, kept: readonly Kept[]): ClusterRemains | undefined => {
  if (cluster === undefined) return undefined;
  const stay = new Set(kept.map(({ driver }) => driverOf(driver).cni));
  const goes = (cni: CniName | undefined): cni is CniName => cni !== undefined && !stay.has(cni);
  return {
    annotations: cluster.nodes.flatMap(({ name: node, networkAnnotations = [] }) =>
      networkAnnotations.flatMap((key) => {
        const cni = ownerOfAnnotation(key);
        return goes(cni) ? [{ cni, node, key }] : [];
      }),
    ),
    definitions: (cluster.networkDefinitions ?? []).flatMap((name) => {
      const cni = ownerOfDefinition(name);
      return goes(cni) ? [{ cni, name }] : [];
    }),
  };
};
