import { defineCommand } from '../command.js';
import { fileFlag } from '../flags.js';
import { breakLockFlag, confirmFlag } from '../run-limits.js';

export const drillNodeLoss = defineCommand({
  name: 'drill node-loss',
  summary: 'Take a node away, prove that everything goes on, and put it back',
  description: `Stops K3s on the host and ends its pods, as a power cut would. While it is away Drover asks the API and writes to it every
second, calls the addresses of spec.acceptance, also through every other node’s ingress, and waits until the pods of the node are
ready elsewhere. Then it starts K3s again and waits until the node is Ready, a server until its vote counts.

Pods leave a lost node when they tolerate its loss no longer: 300 s, where they say nothing else. The drill waits for that, as
users would have to; with --out-of-service it tells the cluster that the node is certainly off, as an operator does who knows, and pods
move at once. Pods whose volume lies on that node alone, and those that nobody makes again, stand still: the plan names them.

Nothing is drilled where the cluster would lose its quorum. If something does not answer longer than --outage allows, or pods do
not move within --budget, the node is put back at once. If Drover itself dies, a timer on the host starts K3s again. The run has a
journal like every other, and its proof stays with it: drover runs show.`,
  arguments: [],
  flags: [
    fileFlag,
    { name: 'host', value: 'HOST', summary: 'The node that is lost' },
    {
      name: 'budget',
      value: 'TIME',
      default: '10m',
      summary: 'Time in which pods must be ready elsewhere, from when the cluster takes the node for lost',
    },
    {
      name: 'outage',
      value: 'TIME',
      default: '60s',
      summary: 'Longest time in which API, writes or an address may not answer',
    },
    { name: 'out-of-service', summary: 'Tell the cluster that the node is off: pods move at once' },
    { name: 'dry-run', summary: 'Show what would be done, and do nothing' },
    confirmFlag('Agree to the loss, by naming the cluster'),
    breakLockFlag,
  ],
  examples: [
    {
      command: 'drover drill node-loss --host k3s-master-02',
      text: 'Shows the plan, asks for the name of the cluster',
    },
    {
      command: 'drover drill node-loss --host k3s-worker-01 --out-of-service --confirm real/keybuzz',
      text: 'Without waiting for what pods tolerate, and without a terminal',
    },
  ],
  exits: ['rolled-back', 'stopped', 'paused', 'preflight', 'spec', 'ssh', 'auth', 'locked'],
  entersLab: true,
  load: () => import('./drill-node-loss.run.js'),
});
