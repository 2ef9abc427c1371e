import { defineCommand } from '../command.js';

export const labKubeconfig = defineCommand({
  name: 'lab kubeconfig',
  summary: 'Print a kubeconfig for the cluster in a lab',
  description:
    'The kubeconfig works from this machine’s own shell: a small process of the lab leads a port of the loopback to the API servers in the lab, the first one that answers, until `lab down`. The same text is kept in the folder of the lab, readable for you alone. It holds the key of the administrator of that cluster. Needs root.',
  arguments: [],
  flags: [],
  examples: [
    {
      command: 'drover lab kubeconfig > lab.kubeconfig',
      text: 'then: kubectl --kubeconfig lab.kubeconfig get nodes',
    },
  ],
  exits: ['locked'],
  entersLab: false,
  load: () => import('./lab-kubeconfig.run.js'),
});
