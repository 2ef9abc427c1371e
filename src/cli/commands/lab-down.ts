import { defineCommand } from '../command.js';

export const labDown = defineCommand({
  name: 'lab down',
  summary: 'Remove a lab and everything that belongs to it',
  description:
    'Ends the hosts and services of the lab and removes its namespaces, mounts, control groups, keys and disks, snapshots included. The root file system stays in the cache. Needs root.',
  arguments: [
    { name: 'NAME', required: false, summary: 'The lab; default: the one that is up', complete: 'lab' },
  ],
  flags: [{ name: 'all', summary: 'Remove all labs of this user' }],
  examples: [
    { command: 'drover lab down', text: 'remove the only lab' },
    { command: 'drover lab down --all', text: 'remove all labs' },
  ],
  exits: ['locked'],
  entersLab: false,
  load: () => import('./lab-down.run.js'),
});
