import { observe } from '../access.js';
import { findingIf, manual, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const clusterRemains = defineRule({
  code: 'cluster-remains',
  title: 'Data of an earlier cluster lies on the host',
  severity: 'warning',
  reads: ['kubernetes'],
  explain: `Data folders of a Kubernetes exist although none is installed. A new server would pick up the old datastore, certificates and node passwords, and join the dead cluster instead of the new one. **They may hold volumes**
(\`/var/lib/rancher/k3s/storage\`): look before you delete.`,
  causes: ['install-failing'],
  check: (context) => {
    const seen = observe(context, 'kubernetes', ({ installs, remains }) =>
      installs.length === 0 && remains.length > 0 ? { text: remains.join(', '), at: 'remains' } : undefined,
    );
    return findingIf(seen, () => ({
      title: `Data of an earlier cluster lies on ${where(seen)}`,
      cause: 'A Kubernetes was removed without its data.',
      fix: manual(
        'look for volumes first: ls /var/lib/rancher/k3s/storage; then move the folders away: mv FOLDER FOLDER.old',
      ),
    }));
  },
});
