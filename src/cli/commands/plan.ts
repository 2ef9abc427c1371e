import { defineCommand } from '../command.js';
import { fileFlag, imageFlag, putBackFlag } from '../flags.js';
import { onlyFlag } from '../run-limits.js';

export const plan = defineCommand({
  name: 'plan',
  summary: 'Show what would be changed so that the cluster is as the spec wants it',
  description: `Measures the hosts, lets the doctor look, and compares what is there with the spec. Of a migration: carries the objects of the
bundle, or of the source as it is now, and asks the target about each of them with a strict dry run. Changes nothing. A saved plan is
data: \`drover apply FILE\` and \`drover restore FILE\` use it only while the world is the one that it was made for.`,
  arguments: [],
  flags: [
    fileFlag,
    { name: 'out', value: 'FILE', summary: 'Save the plan to this file' },
    {
      name: 'output',
      short: 'o',
      value: 'FORMAT',
      choices: ['text', 'json', 'markdown'],
      orFile: '.json',
      default: 'text',
      summary: 'Format of the plan on stdout; with a name that ends in .json the plan is saved there as well',
    },
    {
      name: 'ignore',
      value: 'CODE',
      repeatable: true,
      env: 'DROVER_IGNORE',
      summary: 'Plan although this error was found; the plan records it',
    },
    {
      name: 'limit',
      value: 'HOST|ROLE',
      repeatable: true,
      env: 'DROVER_LIMIT',
      summary: 'Only these hosts, or servers, or agents; what waits for others is left out',
    },
    onlyFlag,
    putBackFlag,
    imageFlag,
    { name: 'detailed-exitcode', summary: 'Exit 2 when there is something to change' },
  ],
  examples: [
    { command: 'drover plan -f examples/keybuzz/drover.yaml --lab', text: 'What would be done on the lab' },
    { command: 'drover plan -f migration.yaml', text: 'What a restore would create, change and keep' },
    { command: 'drover plan -f migration.yaml --put-back', text: 'What `restore --put-back` would start' },
    { command: 'drover plan -o plan.json', text: 'Save it, look at it, apply exactly this' },
  ],
  exits: ['changes', 'spec', 'preflight', 'ssh', 'kubernetes', 'auth'],
  entersLab: true,
  load: () => import('./plan.run.js'),
});
