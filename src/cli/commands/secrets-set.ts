import { defineCommand } from '../command.js';
import { fileFlag } from '../flags.js';

export const secretsSet = defineCommand({
  name: 'secrets set',
  summary: 'Put one value of a secret of the spec into the encrypted store',
  description: `Secrets that spec.secrets.declared lists are given to applications as Secrets in their namespaces by \`drover apply\`; their values are
in the encrypted store beside the spec. Asks for the value without showing it, or reads it from stdin; it never touches the command line, a log or the disk in
plain text. A value that is there already is replaced; the next apply delivers it. A lab has a store of its own, whose values are made up until they are set.`,
  arguments: [
    { name: 'secret', required: true, summary: 'Name of the secret, as spec.secrets.declared has it' },
    { name: 'key', required: true, summary: 'Key in it' },
  ],
  flags: [fileFlag, { name: 'generate', summary: 'Make up a random value that nobody has to know' }],
  examples: [
    { command: 'drover secrets set postgres password', text: 'Asks for the password' },
    { command: 'drover secrets set tls tls.key < platform.key', text: 'From a file, byte by byte' },
    { command: 'drover secrets set n8n encryption-key --generate', text: 'A random one' },
  ],
  exits: ['spec', 'auth'],
  entersLab: true,
  load: () => import('./secrets-set.run.js'),
});
