import { defineCommand } from '../command.js';

export const runs = defineCommand({
  name: 'runs',
  summary: 'List the runs that are kept here',
  description:
    'Every apply and rollback leaves its plan and its journal in a folder; `--resume` and `rollback` start from there.',
  arguments: [],
  flags: [
    {
      name: 'output',
      short: 'o',
      value: 'FORMAT',
      choices: ['text', 'json'],
      default: 'text',
      summary: 'Format of the result on stdout',
    },
  ],
  examples: [{ command: 'drover runs', text: 'What was done, when, and how it ended' }],
  exits: [],
  entersLab: true,
  load: () => import('./runs.run.js'),
});
