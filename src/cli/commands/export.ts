import { defineCommand } from '../command.js';
import { kubeFlags, namespaceFlag } from '../kube-flags.js';

export const exportCommand = defineCommand({
  name: 'export',
  summary: 'Carry a cluster’s objects into a folder: clean, documented, secrets sealed',
  description: `Reads every kind at one moment of the cluster and writes one file per object, without what belongs to the server: the report says
for each field why it is gone. Values of Secrets are sealed before they touch the disk; unchanged ones look the same after the next
export, so that the folder can be kept in version control. Nothing in the cluster is changed.`,
  arguments: [],
  flags: [
    {
      name: 'file',
      short: 'f',
      value: 'FILE',
      env: 'DROVER_FILE',
      summary: 'Spec of kind Migration; its source, selection and recipients',
    },
    {
      name: 'out',
      short: 'o',
      value: 'DIR',
      summary: 'Folder of the bundle; default: the one of the spec, or ./bundle',
    },
    ...kubeFlags,
    namespaceFlag,
    {
      name: 'include',
      value: 'KIND',
      repeatable: true,
      summary: 'Only this kind: Secret, Deployment.apps; may be repeated',
    },
    { name: 'exclude', value: 'KIND', repeatable: true, summary: 'Not this kind; may be repeated' },
    {
      name: 'recipient',
      value: 'KEY',
      repeatable: true,
      summary: 'age public key of somebody else who may read the secrets',
    },
  ],
  examples: [
    { command: 'drover export --context production -o bundle', text: 'Everything but the system’s own' },
    { command: 'drover export -f migration.yaml', text: 'As the spec says' },
    { command: 'drover export -n shop -n blog -o bundle', text: 'Two namespaces and what they need' },
  ],
  exits: ['spec', 'preflight', 'kubernetes', 'auth'],
  entersLab: true,
  load: () => import('./export.run.js'),
});
