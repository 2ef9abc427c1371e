import { defineCommand } from '../command.js';

export const planDiff = defineCommand({
  name: 'plan diff',
  summary: 'Show in what two saved plans differ',
  arguments: [
    { name: 'first', required: true, summary: 'A saved plan', complete: 'file' },
    { name: 'second', required: true, summary: 'Another one', complete: 'file' },
  ],
  flags: [],
  examples: [
    {
      command: 'drover plan diff yesterday.json today.json',
      text: 'What would be done now that was not planned then',
    },
  ],
  exits: [],
  entersLab: false,
  load: () => import('./plan-diff.run.js'),
});
