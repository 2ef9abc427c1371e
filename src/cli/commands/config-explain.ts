import { defineCommand } from '../command.js';
import { outputFlag } from '../flags.js';

export const configExplain = defineCommand({
  name: 'config explain',
  summary: 'Explain a key of the spec: meaning, type, default, example',
  description: 'Without a path, explains the spec as a whole. A path may leave out the leading `spec.`.',
  arguments: [
    { name: 'PATH', required: false, summary: 'Key such as spec.network.cni.mode', complete: 'path' },
  ],
  flags: [
    {
      name: 'kind',
      value: 'KIND',
      choices: ['Cluster', 'Migration'],
      summary: 'Document that the key belongs to; default: the cluster’s, or else the migration’s',
    },
    outputFlag(['text', 'json']),
  ],
  examples: [
    { command: 'drover config explain spec.network.cni', text: 'What can be said about the cluster network' },
    { command: 'drover config explain hosts.role', text: 'Lists need no index' },
    { command: 'drover config explain spec.transforms', text: 'What a migration can change on the way' },
  ],
  exits: ['spec'],
  entersLab: false,
  load: () => import('./config-explain.run.js'),
});
