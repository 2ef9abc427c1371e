import type { ClusterFacts } from '../../facts/cluster/cluster-facts.js';
import { type Told, toldFinding } from '../cluster.js';
import { manual } from '../compose.js';
import { defineRule } from '../rule.js';

const look = ({ classes, missing }: ClusterFacts): Told[] => {
  if (missing.some(({ what }) => what === 'storageclasses')) return [];
  const defaults = classes.filter((one) => one.default);
  if (defaults.length === 1) return [];
  if (defaults.length === 0) return [{ part: 'classes', text: `no default among ${classes.length} classes` }];
  return defaults.map(({ name, provisioner }) => ({
    part: 'classes',
    text: `${name} (${provisioner}) is a default`,
  }));
};

export const clusterDefaultClass = defineRule({
  code: 'cluster-default-class',
  title: 'There is not exactly one default storage class',
  severity: 'info',
  reads: ['cluster'],
  explain: `A volume claim that names no class waits for ever when there is no default class, and takes the newest default when there are several. K3s brings \`local-path\` as default.`,
  source: 'https://kubernetes.io/docs/concepts/storage/storage-classes/#default-storageclass',
  check: (context) =>
    toldFinding(context, look, () => ({
      title: 'The cluster does not have exactly one default storage class',
      cause: 'None was marked, or one was added beside the one that K3s brings.',
      fix: manual(
        'kubectl annotate storageclass NAME storageclass.kubernetes.io/is-default-class=true (or false)',
      ),
    })),
});
