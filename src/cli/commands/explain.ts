import { defineCommand } from '../command.js';
import { outputFlag } from '../flags.js';

export const explain = defineCommand({
  name: 'explain',
  summary: 'Explain the code of an error or a finding',
  description: 'Without a code, lists all of them.',
  arguments: [{ name: 'code', required: false, summary: 'Code as printed in brackets', complete: 'code' }],
  flags: [outputFlag(['text', 'json'])],
  examples: [
    { command: 'drover explain', text: 'All codes, one line each' },
    { command: 'drover explain bad-usage', text: 'What a code means and what to do' },
  ],
  exits: [],
  entersLab: false,
  load: () => import('./explain.run.js'),
});
