import { defineCommand } from '../command.js';

export const labCrash = defineCommand({
  name: 'lab crash',
  summary: 'Cut the power of hosts of a lab',
  arguments: [
    { name: 'HOST', required: true, variadic: true, summary: 'Hosts that lose power', complete: 'host' },
  ],
  flags: [],
  examples: [
    {
      command: 'drover lab crash k3s-master-01',
      text: 'as when the plug is pulled; `lab start` brings it back',
    },
  ],
  exits: ['locked'],
  entersLab: false,
  load: () => import('./lab-crash.run.js'),
});
