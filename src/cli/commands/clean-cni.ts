import { defineCommand } from '../command.js';
import { fileFlag } from '../flags.js';
import { breakLockFlag, concurrencyFlag, yesFlag } from '../run-limits.js';

export const cleanCni = defineCommand({
  name: 'clean cni',
  summary: 'Remove what cluster networks left that are not in use',
  description: `Looks at every host which cluster network is in use, and plans to remove everything else that such networks make: chains and
rules in both iptables back ends, tables, sets, routes, devices, programs, files, annotations and definitions. Shows the plan, asks, and
runs it as \`apply\` does. A network that any host uses is kept on all hosts. Nothing is removed while a pod still hangs on it; what
goes is kept on the hosts, so \`drover rollback\` brings it back.`,
  arguments: [],
  flags: [
    fileFlag,
    { name: 'dry-run', summary: 'Show what would be removed, and remove nothing' },
    yesFlag,
    concurrencyFlag,
    breakLockFlag,
  ],
  examples: [
    { command: 'drover clean cni --dry-run', text: 'What earlier attempts left, host by host' },
    { command: 'drover clean cni --lab --yes', text: 'Clean the lab' },
  ],
  exits: ['stopped', 'paused', 'spec', 'preflight', 'ssh', 'auth', 'locked'],
  entersLab: true,
  load: () => import('./clean-cni.run.js'),
});
