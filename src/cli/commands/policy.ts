import { defineCommand } from '../command.js';
import { fileFlag, outputFlag } from '../flags.js';

export const policy = defineCommand({
  name: 'policy',
  summary: 'Judge manifests, rendered charts or a running cluster by the rules of the spec',
  description: `Rules are switched off, to warn or to enforce in spec.policy.rules; exceptions there have a reason and an end. Without a spec every rule
has its default. Namespaces of the platform are left alone. Reads only.`,
  arguments: [
    {
      name: 'path',
      required: false,
      variadic: true,
      summary: 'Files or folders of manifests; - for standard input',
      complete: 'path',
    },
  ],
  flags: [
    fileFlag,
    outputFlag(['text', 'json', 'sarif', 'junit']),
    { name: 'live', summary: 'Judge the objects of the cluster of the spec' },
    { name: 'enforce', summary: 'Every rule that warns enforces' },
  ],
  examples: [
    { command: 'drover policy deploy/', text: 'Every manifest of a folder' },
    { command: 'helm template shop ./chart | drover policy -', text: 'A chart, rendered' },
    { command: 'drover policy --live --lab', text: 'What runs on the cluster of the lab' },
    { command: 'drover policy deploy/ --enforce -o sarif > policy.sarif', text: 'For a code host' },
  ],
  exits: ['spec', 'preflight', 'ssh', 'kubernetes', 'auth'],
  entersLab: true,
  load: () => import('./policy.run.js'),
});
