import { defineCommand } from '../command.js';
import { fileFlag } from '../flags.js';

export const balancer = defineCommand({
  name: 'balancer',
  summary: 'Print the HAProxy configuration of a load balancer of the spec',
  description: `Writes what HAProxy needs to be one of spec.loadBalancers with the provider haproxy: a section for every listener, passed on
unread at layer 4, with a health check in the words of what stands behind it: the API server’s /readyz, PostgreSQL’s answer to a
request for TLS, Redis’ PING (and whether it is the master, where it asks for no password), RabbitMQ’s and MySQL’s greeting. A health
check of the spec over http or https is taken as it is written. No secret is in it. Where the load balancer has \`manage: true\`, the same
configuration is installed by \`drover apply\`; elsewhere it is yours to put there.`,
  arguments: [
    { name: 'name', required: false, summary: 'Name of the load balancer; default: the only one of haproxy' },
  ],
  flags: [fileFlag],
  examples: [
    { command: 'drover balancer lb-haproxy', text: 'Look at it' },
    { command: 'drover balancer lb-haproxy > haproxy.cfg', text: 'Take it elsewhere' },
  ],
  exits: ['spec'],
  entersLab: false,
  load: () => import('./balancer.run.js'),
});
