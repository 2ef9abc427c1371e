import { defineCommand } from '../command.js';

export const labThrottle = defineCommand({
  name: 'lab throttle',
  summary: 'Make the network of a host slow, far or lossy',
  description:
    "Shapes what the host sends and receives. --rate alone works on every kernel; --delay and --loss need netem, which small kernels lack. Without any of them the host's network is made good again.",
  arguments: [{ name: 'HOST', required: true, summary: 'The host', complete: 'host' }],
  flags: [
    { name: 'rate', value: 'RATE', summary: 'Bandwidth, such as 10mbit' },
    { name: 'delay', value: 'TIME', summary: 'Delay in each direction, such as 50ms' },
    { name: 'loss', value: 'PERCENT', summary: 'Lost packets, such as 1%' },
  ],
  examples: [
    { command: 'drover lab throttle k3s-worker-01 --rate 10mbit', text: 'a slow line' },
    { command: 'drover lab throttle k3s-worker-01', text: 'as fast as before' },
  ],
  exits: ['locked'],
  entersLab: false,
  load: () => import('./lab-throttle.run.js'),
});
