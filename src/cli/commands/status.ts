import { defineCommand } from '../command.js';
import { outputFlag } from '../flags.js';

export const status = defineCommand({
  name: 'status',
  summary: 'Show how far a run is, and what it is doing',
  description: `Reads the journal of a run; asks no host. With \`--watch\` it shows every change until the run ends: in place on a terminal,
line after line elsewhere.`,
  arguments: [{ name: 'run', required: false, summary: 'Id of a run; default: the newest' }],
  flags: [
    { name: 'watch', short: 'w', summary: 'Go on showing until the run has ended' },
    outputFlag(['text', 'json']),
  ],
  examples: [
    { command: 'drover status', text: 'The newest run of this folder' },
    {
      command: 'drover status --watch --lab',
      text: 'From a second terminal, while `drover apply --lab` works',
    },
  ],
  exits: [],
  entersLab: true,
  load: () => import('./status.run.js'),
});
