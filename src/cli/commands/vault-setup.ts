import { defineCommand } from '../command.js';
import { fileFlag } from '../flags.js';

export const vaultSetup = defineCommand({
  name: 'vault setup',
  summary: 'Print what the Vault server of the spec must be told about the cluster',
  description: `Writes the commands for whoever may write policies and logins in Vault; Drover has no rights there and asks for none. One part is
for where kubectl reaches the cluster: it puts the token of Vault’s reviewer and the cluster’s CA into files. The other part is for
Vault: the Kubernetes login, and for every application with \`vault.files\` a policy to read exactly the secrets that it names, and a
role for its service account alone. Nothing that is printed is secret.`,
  arguments: [],
  flags: [
    fileFlag,
    {
      name: 'only',
      value: 'PART',
      choices: ['cluster', 'vault'],
      summary: 'One of the two parts: cluster or vault',
    },
  ],
  examples: [
    { command: 'drover vault setup', text: 'Look at it' },
    { command: 'drover vault setup --only vault | ssh vault-01 sh', text: 'Run the part that is for Vault' },
  ],
  exits: ['spec'],
  entersLab: false,
  load: () => import('./vault-setup.run.js'),
});
