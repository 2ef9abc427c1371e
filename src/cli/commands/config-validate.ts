import { defineCommand } from '../command.js';
import { fileFlag, outputFlag } from '../flags.js';

export const configValidate = defineCommand({
  name: 'config validate',
  summary: 'Check the spec and its table of hosts; all problems at once',
  description: `Reads the spec (default: drover.yaml) and the table of hosts that it names, without touching any host. Every problem is
shown with its place, what was expected and what was probably meant. Warnings do not refuse the spec.`,
  arguments: [{ name: 'FILE', required: false, summary: 'Spec to check', complete: 'file' }],
  flags: [fileFlag, outputFlag(['text', 'json'])],
  examples: [
    { command: 'drover config validate', text: 'Check ./drover.yaml' },
    { command: 'drover config validate examples/keybuzz/drover.yaml', text: 'Check another spec' },
  ],
  exits: ['spec'],
  entersLab: false,
  load: () => import('./config-validate.run.js'),
});
