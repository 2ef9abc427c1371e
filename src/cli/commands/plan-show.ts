import { defineCommand } from '../command.js';
import { outputFlag } from '../flags.js';

export const planShow = defineCommand({
  name: 'plan show',
  summary: 'Show a saved plan',
  arguments: [
    {
      name: 'plan',
      required: true,
      summary: 'A plan that `drover plan -o FILE.json` saved',
      complete: 'file',
    },
  ],
  flags: [outputFlag(['text', 'json', 'markdown'])],
  examples: [
    { command: 'drover plan show plan.json', text: 'As `drover plan` printed it' },
    { command: 'drover plan show plan.json -o markdown', text: 'For a comment on a pull request' },
  ],
  exits: [],
  entersLab: false,
  load: () => import('./plan-show.run.js'),
});
