import { defineCommand } from '../command.js';

export const labReset = defineCommand({
  name: 'lab reset',
  summary: 'Put all hosts of a lab back to a saved state, or to that of a new lab',
  description:
    'Cuts the power of all hosts, replaces their disks and starts them. Names, addresses and ssh keys stay. Partitions and throttles stay too: they are not on the disks.',
  arguments: [
    { name: 'SNAPSHOT', required: false, summary: 'Saved by `lab snapshot`; default: as `lab up` made it' },
  ],
  flags: [],
  examples: [
    { command: 'drover lab reset', text: 'fresh hosts in seconds' },
    { command: 'drover lab reset before-upgrade', text: 'back to a snapshot' },
  ],
  exits: ['locked'],
  entersLab: false,
  load: () => import('./lab-reset.run.js'),
});
