import { defineCommand } from '../command.js';

export const secretsCheck = defineCommand({
  name: 'secrets check',
  summary: 'Prove that a bundle is whole, opens, and has every secret that is needed',
  description:
    'Checks every file against the index and opens every sealed value in memory. With a spec, also that each registry, DNS provider and required value has one. No value is shown.',
  arguments: [
    {
      name: 'bundle',
      required: false,
      summary: 'Folder of the bundle; default: the one of the spec',
      complete: 'path',
    },
  ],
  flags: [{ name: 'file', short: 'f', value: 'FILE', env: 'DROVER_FILE', summary: 'Spec of kind Migration' }],
  examples: [{ command: 'drover secrets check -f migration.yaml', text: 'Before anything is restored' }],
  exits: ['spec', 'auth'],
  entersLab: true,
  load: () => import('./secrets-check.run.js'),
});
