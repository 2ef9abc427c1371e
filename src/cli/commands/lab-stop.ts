import { defineCommand } from '../command.js';

export const labStop = defineCommand({
  name: 'lab stop',
  summary: 'Shut hosts of a lab down; their disks stay',
  arguments: [
    {
      name: 'HOST',
      required: false,
      variadic: true,
      summary: 'Hosts to shut down; default: all',
      complete: 'host',
    },
  ],
  flags: [],
  examples: [{ command: 'drover lab stop k3s-worker-01', text: 'off until `lab start`' }],
  exits: ['locked'],
  entersLab: false,
  load: () => import('./lab-stop.run.js'),
});
