import { grouped } from '../access.js';
import { does, findingPerKey, manual } from '../compose.js';
import { observeDisks } from '../disk.js';
import { defineRule } from '../rule.js';

export const diskInodes = defineRule({
  code: 'disk-inodes',
  title: 'A file system runs out of inodes',
  severity: 'error',
  reads: ['disks'],
  explain: `Files cannot be created any more although there is room: \`df -h\` looks fine, \`df -i\` does not. Container images hold many small files; kubelet evicts below 5 % of
free inodes.`,
  check: (context) => {
    const seen = observeDisks(context, ({ mount, inodes, inodesFree }) => {
      const free = inodes > 0 ? inodesFree / inodes : 1;
      if (free >= 0.1) return undefined;
      return {
        text: `${mount}: ${inodesFree} of ${inodes} inodes free`,
        key: free < 0.05 ? 'error' : 'warning',
      };
    });
    return findingPerKey(grouped(seen), (severity, group) => ({
      severity: severity === 'error' ? 'error' : 'warning',
      title: `${does(group, 'is')} running out of inodes`,
      cause: 'Very many small files lie on the file system.',
      fix: manual('find the folder with most files: du -x --inodes --max-depth=3 / | sort -n | tail'),
    }));
  },
});
