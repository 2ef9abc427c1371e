import { REPORT_FORMATS } from '../../report/formats.js';
import { defineCommand } from '../command.js';
import { fileFlag, imageFlag, outputFlag } from '../flags.js';
import { kubeFlags } from '../kube-flags.js';

export const verify = defineCommand({
  name: 'verify',
  summary: 'Prove that the cluster works, from every node',
  description: `Looks at nodes, etcd members and alarms, the API through every server and the balancer, the cluster network and the add-ons;
then makes small pods on every node and proves with them, from pods and from hosts, that every two nodes reach each other with
small and with full, unfragmented packets, that Services and DNS answer, that logs can be read and commands run, that a volume
keeps what was written, and that the addresses of spec.acceptance answer with trusted certificates. Everything it makes lies in
one namespace, which it removes; what a killed verification left is removed by the next. When something fails, the doctor is
asked why. The proof is kept with the newest run of the cluster, or below .drover/proofs.

With --bundle it proves another thing: that the target of a migration has what the bundle says. It exports the target once more
in memory, cleans it, and compares it with the bundle after the transforms of the spec, object by object and field by field. Of
Secrets it tells that they differ, never how. What the target made itself is left aside, with the reason. Nothing is changed.`,
  arguments: [],
  flags: [
    fileFlag,
    outputFlag(REPORT_FORMATS),
    imageFlag,
    { name: 'timeout', value: 'TIME', default: '90s', summary: 'Patience with pods that must become ready' },
    {
      name: 'bundle',
      value: 'DIR',
      summary: 'Compare the target with this bundle instead; --file then names a spec of kind Migration',
    },
    ...kubeFlags,
  ],
  examples: [
    { command: 'drover verify -f examples/keybuzz/drover.yaml --lab', text: 'The cluster of the lab' },
    {
      command: 'drover verify -o html > proof.html',
      text: 'A page to show, with every pair of nodes as a picture',
    },
    { command: 'drover verify -o junit > verify.xml', text: 'In CI' },
    {
      command: 'drover verify --bundle bundle -f migration.yaml',
      text: 'Has the target what the bundle says?',
    },
  ],
  exits: ['verification-failed', 'spec', 'ssh', 'kubernetes', 'auth'],
  entersLab: true,
  report: 'verify',
  load: () => import('./verify.run.js'),
});
