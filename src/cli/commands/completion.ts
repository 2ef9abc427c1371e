import { defineCommand } from '../command.js';
import { SHELLS } from '../completion/shells.js';

export const completion = defineCommand({
  name: 'completion',
  summary: 'Print a completion script for a shell',
  description:
    'Completes commands, flags and their values, hosts of the spec, labs, faults and codes. The script asks `drover` itself,\nso it never grows stale.',
  arguments: [{ name: 'shell', required: true, summary: `One of ${SHELLS.join(', ')}` }],
  flags: [],
  examples: [
    {
      command: 'source <(drover completion bash)',
      text: 'For this bash session; put it into ~/.bashrc to keep it',
    },
    { command: 'drover completion fish > ~/.config/fish/completions/drover.fish', text: 'For fish' },
  ],
  exits: [],
  entersLab: false,
  load: () => import('./completion.run.js'),
});
