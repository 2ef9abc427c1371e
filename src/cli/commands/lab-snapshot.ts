import { defineCommand } from '../command.js';

export const labSnapshot = defineCommand({
  name: 'lab snapshot',
  summary: 'Save the disks of all hosts of a lab',
  description:
    'Running hosts are shut down for it and started again, so that what is saved is whole. `drover lab reset NAME` goes back to it. A snapshot of the same name is replaced.',
  arguments: [{ name: 'NAME', required: true, summary: 'Name of the snapshot' }],
  flags: [],
  examples: [{ command: 'drover lab snapshot before-upgrade', text: 'save, to go back later' }],
  exits: ['locked'],
  entersLab: false,
  load: () => import('./lab-snapshot.run.js'),
});
