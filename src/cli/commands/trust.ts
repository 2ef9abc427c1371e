import { defineCommand } from '../command.js';
import { fileFlag } from '../flags.js';

export const trust = defineCommand({
  name: 'trust',
  summary: 'Show the ssh keys of hosts and pin them',
  description: `Asks every host for its keys, shows all fingerprints in one table, and after your consent puts them into Drover's own
known_hosts. Drover connects only to hosts whose keys are on record, there or in your own known_hosts. Compare the fingerprints with
what the machines' consoles or your provider show: who answers on the network is not proven by the answer.`,
  arguments: [
    {
      name: 'host',
      required: false,
      variadic: true,
      summary: 'Addresses (USER@HOST[:PORT]), or names of hosts of the spec; default: all of the spec',
      complete: 'host',
    },
  ],
  flags: [
    fileFlag,
    { name: 'yes', short: 'y', summary: 'Pin without asking' },
    { name: 'replace', summary: 'Also pin keys that differ from the record' },
  ],
  examples: [
    { command: 'drover trust -f drover.yaml', text: 'All hosts of a spec, once' },
    { command: 'drover trust root@10.0.0.100 root@10.0.0.110', text: 'Bare addresses' },
    { command: 'drover trust --replace k3s-worker-01', text: 'A machine was installed anew' },
  ],
  exits: ['spec', 'ssh', 'auth'],
  entersLab: true,
  load: () => import('./trust.run.js'),
});
