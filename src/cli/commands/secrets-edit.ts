import { defineCommand } from '../command.js';

export const secretsEdit = defineCommand({
  name: 'secrets edit',
  summary: 'Change one value of a Secret in a bundle',
  description:
    'Asks for the value without showing it, or reads it from stdin. It is sealed before anything is written and never touches the disk, the command line or a log.',
  arguments: [
    { name: 'bundle', required: true, summary: 'Folder of the bundle', complete: 'path' },
    { name: 'secret', required: true, summary: 'NAMESPACE/NAME of the Secret' },
    { name: 'key', required: true, summary: 'Key in it' },
  ],
  flags: [{ name: 'remove', summary: 'Take the key out' }],
  examples: [
    { command: 'drover secrets edit bundle shop/db password', text: 'Asks for the new password' },
    { command: 'drover secrets edit bundle shop/tls tls.key < new.key', text: 'From a file, byte by byte' },
  ],
  exits: ['auth'],
  entersLab: true,
  load: () => import('./secrets-edit.run.js'),
});
