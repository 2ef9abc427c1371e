import { grouped, type Look, observe } from '../access.js';
import { findingPerKey, manual, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const existingCluster = defineRule({
  code: 'existing-cluster',
  title: 'A Kubernetes runs here already',
  severity: 'info',
  reads: ['kubernetes'],
  explain: `The host is part of a cluster, or starts one at boot. Drover adopts it or changes it, but never wipes it without an explicit confirmation that names the cluster.`,
  check: (context) => {
    const seen = observe(context, 'kubernetes', ({ installs }): Look[] =>
      installs
        .filter(({ active }) => active === 'active')
        .map(({ kind, version, role, datastore }) => ({
          text: `${kind} ${version ?? ''} as ${role}${datastore === 'none' ? '' : `, datastore ${datastore}`}`,
          at: `installs.${kind}`,
          key: `${kind} ${version ?? ''}`.trim(),
        })),
    );
    return findingPerKey(grouped(seen), (name, group) => ({
      title: `${name} runs already on ${where(group)}`,
      cause: 'The host was installed before.',
      fix: manual('nothing; to see what it runs: kubectl get nodes -o wide'),
    }));
  },
});
