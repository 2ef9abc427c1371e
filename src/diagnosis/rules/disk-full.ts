import { grouped } from '../access.js';
import { findingPerKey, manual, where } from '../compose.js';
import { gib, observeDisks } from '../disk.js';
import { defineRule } from '../rule.js';

export const diskFull = defineRule({
  code: 'disk-full',
  title: 'A disk is nearly full',
  severity: 'error',
  reads: ['disks'],
  explain: `kubelet evicts pods when less than 10 % of its disk is free and refuses images below 15 %. Etcd stops when it cannot write. A host that starts below the mark
becomes a node that throws its pods out.`,
  source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/',
  check: (context) => {
    const seen = observeDisks(context, ({ mount, totalKiB, availableKiB, readOnly }) => {
      const free = totalKiB > 0 ? availableKiB / totalKiB : 1;
      if (readOnly || free >= 0.15) return undefined;
      const text = `${mount}: ${gib(availableKiB)} of ${gib(totalKiB)} free (${Math.floor(free * 100)} %)`;
      return { text, key: free < 0.1 ? 'error' : 'warning' };
    });
    return findingPerKey(grouped(seen), (severity, group) => ({
      severity: severity === 'error' ? 'error' : 'warning',
      title: `Less than ${severity === 'error' ? '10' : '15'} % of the disk is free on ${where(group)}`,
      cause: 'Something filled the file system that the cluster will use.',
      fix: manual(
        'see what takes the room: du -xh --max-depth=2 / | sort -h | tail; or make the disk larger',
      ),
    }));
  },
});
