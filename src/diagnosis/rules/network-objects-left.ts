import type { Evidence } from '../../core/events/finding.js';
import type { ClusterFacts } from '../../facts/cluster/cluster-facts.js';
import { ownerOfAnnotation, ownerOfDefinition } from '../../facts/cni/cluster-signs.js';
import { CNI_NAMES, type CniName } from '../../facts/cni/driver.js';
import { driverOf, driversOf } from '../../facts/cni/drivers.js';
import { networksInUse } from '../../facts/cni/in-use.js';
import { members } from '../access.js';
import { limited, named, step } from '../compose.js';
import { defineRule } from '../rule.js';

const evidenceOf = (cluster: ClusterFacts, cni: CniName): Evidence[] => {
  const definitions = (cluster.networkDefinitions ?? []).filter((name) => ownerOfDefinition(name) === cni);
  const nodes = cluster.nodes.flatMap(({ name, networkAnnotations = [] }) => {
    const own = networkAnnotations.filter((key) => ownerOfAnnotation(key) === cni);
    return own.length === 0
      ? []
      : [{ host: name, fact: 'kubernetes.nodes', text: `annotations ${named(own)}` }];
  });
  return [
    ...(definitions.length === 0
      ? []
      : [{ fact: 'kubernetes.networkDefinitions', text: `definitions ${named(definitions)}` }]),
    ...nodes,
  ];
};

export const networkObjectsLeft = defineRule({
  code: 'network-objects-left',
  title: 'A cluster network that is not in use has objects in the cluster',
  severity: 'warning',
  reads: ['cluster', 'cni', 'kubernetes'],
  explain: `Definitions of an unused cluster network keep its policies and address blocks as if they counted, and an operator that is installed again finds the old state. Annotations on nodes tell the next installation addresses of then.

Deleting definitions deletes all their objects: export them first, and delete the definitions last.`,
  check: (context) => {
    const cluster = context.facts.kubernetes;
    const hosts = members(context);
    if (cluster === undefined) return [];
    const { used, unseen } = networksInUse(hosts, cluster);
    if (unseen.length > 0) return [];
    const kept = new Set(used.map(({ driver }) => driverOf(driver).cni));
    // Without hosts an API shows the agents of all networks but of Flannel inside K3s.
    const asked = CNI_NAMES.filter((cni) => !kept.has(cni) && (hosts.length > 0 || cni !== 'flannel'));
    return asked.flatMap((cni) => {
      const evidence = evidenceOf(cluster, cni);
      const called = driversOf(cni)[0]?.title.split(' ')[0] ?? cni;
      return evidence.length === 0
        ? []
        : [
            {
              title: `${called} has objects in the cluster, which no host uses`,
              hosts: [],
              evidence: limited(evidence),
              cause: `${called} was removed without its definitions or its annotations on nodes.`,
              fix: step('cni.clean-objects', 'drover clean cni exports and removes them'),
            },
          ];
    });
  },
});
