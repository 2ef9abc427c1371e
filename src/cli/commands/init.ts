import { defineCommand } from '../command.js';

export const init = defineCommand({
  name: 'init',
  summary: 'Write a commented drover.yaml from a table of hosts',
  description: `Reads a table such as servers.tsv (columns in French or English, tab, semicolon or comma), finds servers, agents, other
hosts and the node network, and writes a spec that is valid as it stands.`,
  arguments: [],
  flags: [
    { name: 'from', value: 'TABLE', summary: 'Table of hosts; default: servers.tsv when it exists' },
    {
      name: 'output',
      short: 'o',
      value: 'FILE',
      default: 'drover.yaml',
      summary: 'Spec to write; - prints it',
    },
    { name: 'name', value: 'NAME', summary: 'Name of the cluster; default: the folder’s' },
    { name: 'force', summary: 'Overwrite the file' },
  ],
  examples: [
    { command: 'drover init --from servers.tsv', text: 'Write ./drover.yaml' },
    { command: 'drover init --from servers.tsv --name keybuzz -o -', text: 'Print it instead' },
  ],
  exits: ['spec'],
  entersLab: false,
  load: () => import('./init.run.js'),
});
