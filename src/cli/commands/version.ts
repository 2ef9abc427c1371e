import { defineCommand } from '../command.js';
import { outputFlag } from '../flags.js';

export const version = defineCommand({
  name: 'version',
  summary: 'Show the version of Drover, Node and the event interface',
  arguments: [],
  flags: [outputFlag(['text', 'json'])],
  examples: [{ command: 'drover version -o json', text: 'For scripts' }],
  exits: [],
  entersLab: false,
  load: () => import('./version.run.js'),
});
