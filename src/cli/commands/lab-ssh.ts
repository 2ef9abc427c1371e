import { defineCommand } from '../command.js';

export const labSsh = defineCommand({
  name: 'lab ssh',
  summary: 'Log in to a host of a lab, or run a command there',
  arguments: [
    { name: 'HOST', required: true, summary: 'The host', complete: 'host' },
    { name: 'COMMAND', required: false, variadic: true, summary: 'After `--`: run this instead of a shell' },
  ],
  flags: [],
  examples: [
    { command: 'drover lab ssh k3s-master-01', text: 'a shell' },
    { command: 'drover lab ssh k3s-master-01 -- ip route', text: 'one command' },
  ],
  exits: ['ssh'],
  entersLab: false,
  load: () => import('./lab-ssh.run.js'),
});
