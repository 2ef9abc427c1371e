import { defineCommand } from '../command.js';

export const labHeal = defineCommand({
  name: 'lab heal',
  summary: 'Take faults away again',
  arguments: [
    { name: 'FAULT', required: false, summary: 'Only this fault; default: all', complete: 'fault' },
  ],
  flags: [{ name: 'host', value: 'HOST', repeatable: true, summary: 'Only on this host' }],
  examples: [{ command: 'drover lab heal', text: 'everything that `lab break` broke' }],
  exits: ['locked'],
  entersLab: false,
  load: () => import('./lab-heal.run.js'),
});
