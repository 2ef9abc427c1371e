import { defineCommand } from '../command.js';

export const labPartition = defineCommand({
  name: 'lab partition',
  summary: 'Cut a host of a lab from others',
  description:
    'Drops everything between the first host and each of the others, in both directions. Both stay reachable for everybody else and for Drover. Partitions survive power cuts of hosts.',
  arguments: [
    {
      name: 'HOST',
      required: false,
      variadic: true,
      summary: 'A host, and those it is cut from',
      complete: 'host',
    },
  ],
  flags: [{ name: 'heal', summary: 'Join them again; without hosts: join all' }],
  examples: [
    { command: 'drover lab partition k3s-master-01 k3s-master-02', text: 'cut one pair' },
    { command: 'drover lab partition --heal', text: 'join everything again' },
  ],
  exits: ['locked'],
  entersLab: false,
  load: () => import('./lab-partition.run.js'),
});
