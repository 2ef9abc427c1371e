import { defineCommand } from '../command.js';
import { outputFlag } from '../flags.js';

export const labBreak = defineCommand({
  name: 'lab break',
  summary: 'Break something in a lab on purpose; without a fault: list the faults',
  description:
    'Each fault is one that real machines have and that the doctor must name. It is proven to be there before the command ends; `drover lab heal` takes it away again.',
  arguments: [{ name: 'FAULT', required: false, summary: 'What to break', complete: 'fault' }],
  flags: [
    {
      name: 'host',
      value: 'HOST',
      repeatable: true,
      summary: 'Break it on this host; default: chosen by the fault',
    },
    outputFlag(['text', 'json']),
  ],
  examples: [
    { command: 'drover lab break', text: 'what can be broken' },
    { command: 'drover lab break vxlan-blocked', text: 'what the doctor should find next' },
    { command: 'drover lab break disk-nearly-full --host k3s-worker-02', text: 'on a host of your choice' },
  ],
  exits: ['locked'],
  entersLab: false,
  load: () => import('./lab-break.run.js'),
});
