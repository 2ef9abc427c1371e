import { defineCommand } from '../command.js';
import { fileFlag, outputFlag } from '../flags.js';

export const configView = defineCommand({
  name: 'config view',
  summary: 'Show the spec as Drover understands it',
  description: `Defaults are filled in and hosts are read from their table. With --show-origin every value says where it comes from: a
place in the spec or the table, an environment variable, or Drover's default. Values that look secret are hidden.`,
  arguments: [{ name: 'FILE', required: false, summary: 'Spec to show', complete: 'file' }],
  flags: [
    fileFlag,
    { name: 'show-origin', summary: 'Say where each value comes from' },
    outputFlag(['yaml', 'json']),
  ],
  examples: [
    { command: 'drover config view --show-origin', text: 'Which values are mine, which are defaults?' },
    { command: 'drover config view -o json', text: 'For programs' },
  ],
  exits: ['spec'],
  entersLab: false,
  load: () => import('./config-view.run.js'),
});
