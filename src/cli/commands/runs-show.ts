import { defineCommand } from '../command.js';
import { outputFlag } from '../flags.js';

export const runsShow = defineCommand({
  name: 'runs show',
  summary: 'Show what one run did, line by line',
  description: 'Everything in the journal of the run, with times. Default: the newest run that is kept here.',
  arguments: [{ name: 'run', required: false, summary: 'Id of a run' }],
  flags: [outputFlag(['text', 'json', 'html'])],
  examples: [
    { command: 'drover runs show', text: 'The last run' },
    {
      command: 'drover runs show -o html > run.html',
      text: 'With the outages of every pair of pods as a picture',
    },
  ],
  exits: [],
  entersLab: true,
  load: () => import('./runs-show.run.js'),
});
