import { manual } from '../compose.js';
import { kernelMessageRule } from '../shapes/kernel-message.js';

export const hungTasks = kernelMessageRule({
  code: 'hung-tasks',
  title: 'Processes hang in the kernel',
  severity: 'warning',
  pattern: /blocked for more than \d+ seconds/i,
  says: 'reports processes that hang for minutes',
  cause: 'A disk or network file system did not answer for minutes.',
  fix: manual(
    'see what they wait for: journalctl -k --grep "blocked for more than" -n 40; then iostat -x 5 and mount -t nfs,nfs4',
  ),
  explain: `"task ... blocked for more than 120 seconds" comes from storage that does not answer: a dying disk, an NFS server that is gone, a starved hypervisor. Etcd loses its leader in such moments.`,
});
