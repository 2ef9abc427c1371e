import { defineCommand } from '../command.js';

export const labStart = defineCommand({
  name: 'lab start',
  summary: 'Switch hosts of a lab on',
  arguments: [
    {
      name: 'HOST',
      required: false,
      variadic: true,
      summary: 'Hosts to switch on; default: all',
      complete: 'host',
    },
  ],
  flags: [],
  examples: [{ command: 'drover lab start', text: 'all hosts that are off' }],
  exits: ['locked'],
  entersLab: false,
  load: () => import('./lab-start.run.js'),
});
