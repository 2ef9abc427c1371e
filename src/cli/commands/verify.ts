import { defineCommand } from '../command.js';
import { fileFlag } from '../flags.js';

export const verify = defineCommand({
  name: 'verify',
  summary: 'Prove that the cluster works, from every node',
  description: `Looks at nodes, etcd members, the API through every server and the add-ons; then makes small pods on every node and proves with
them, from pods and from hosts, that every two nodes reach each other with small and full packets, that Services and DNS answer,
and that a volume is bound and written. Everything it makes lies in one namespace, which it removes.`,
  arguments: [],
  flags: [
    fileFlag,
    {
      name: 'output',
      short: 'o',
      value: 'FORMAT',
      choices: ['text', 'json'],
      default: 'text',
      summary: 'Format of the result on stdout',
    },
    {
      name: 'image',
      value: 'IMAGE',
      default: 'docker.io/rancher/mirrored-library-busybox:1.37.0',
      env: 'DROVER_VERIFY_IMAGE',
      summary: 'Image of the pods: busybox or one with its programs',
    },
    { name: 'timeout', value: 'TIME', default: '90s', summary: 'Patience with pods that must become ready' },
  ],
  examples: [
    { command: 'drover verify -f examples/keybuzz/drover.yaml --lab', text: 'The cluster of the lab' },
  ],
  exits: ['verification-failed', 'spec', 'ssh', 'kubernetes', 'auth'],
  entersLab: true,
  load: () => import('./verify.run.js'),
});
