import { defineCommand } from '../command.js';

export const help = defineCommand({
  name: 'help',
  summary: 'Show help about a command',
  arguments: [
    { name: 'command', required: false, variadic: true, summary: 'Words of the command, e.g. lab up' },
  ],
  flags: [],
  examples: [{ command: 'drover help explain', text: 'Same as drover explain --help' }],
  exits: [],
  entersLab: false,
  load: () => import('./help.run.js'),
});
