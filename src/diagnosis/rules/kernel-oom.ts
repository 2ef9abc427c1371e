import { manual } from '../compose.js';
import { kernelMessageRule } from '../shapes/kernel-message.js';

export const kernelOom = kernelMessageRule({
  code: 'kernel-oom',
  title: 'The kernel killed processes for want of memory',
  severity: 'warning',
  pattern: /Out of memory|oom-kill|invoked oom-killer/i,
  says: 'killed processes because memory ran out',
  cause: 'More memory is used than the machine has.',
  fix: manual(
    'see who was killed: journalctl -k --grep "Out of memory"; give the machine more memory or its services less',
  ),
  explain: `The kernel ends the process that frees most memory, which may be etcd or the API server. Before a cluster moves in, find out who needs the memory.`,
});
