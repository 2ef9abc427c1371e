import { defineCommand } from '../command.js';
import { outputFlag } from '../flags.js';

export const labStatus = defineCommand({
  name: 'lab status',
  summary: 'Show the labs of this machine: hosts, power, faults, snapshots',
  arguments: [{ name: 'NAME', required: false, summary: 'Only this lab', complete: 'lab' }],
  flags: [outputFlag(['table', 'json'])],
  examples: [{ command: 'drover lab status -o json', text: 'for programs' }],
  exits: [],
  entersLab: false,
  load: () => import('./lab-status.run.js'),
});
