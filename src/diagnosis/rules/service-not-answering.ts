import { manual, where } from '../compose.js';
import { defineRule } from '../rule.js';
import { servicesWrong } from '../services.js';

export const serviceNotAnswering = defineRule({
  code: 'service-not-answering',
  title: 'A service outside the cluster does not answer as what it is',
  severity: 'warning',
  reads: ['services'],
  explain: `Every node asks every service of \`spec.externalServices\` where applications will call it, in the service's own protocol and without logging in:
PostgreSQL whether it speaks TLS, Redis for a PONG, RabbitMQ and MariaDB for their greeting, MinIO for its health page. An open port is not enough: a
balancer accepts connections for servers that are all away, and another program may listen there.

The cluster can be built without it; applications that need it will not get ready. Start the service, let the nodes through its firewall, or correct
\`hosts\`, \`loadBalancer\`, \`endpoint\` or \`port\` in the spec.`,
  check: (context) =>
    servicesWrong(context, 'answer', ({ service, place, seen, everywhere }) => ({
      title: everywhere
        ? `${service} at ${place} does not answer as it should`
        : `${service} at ${place} does not answer ${where(seen)} as it should`,
      cause: everywhere
        ? 'No node hears what the spec tells: it stands still, is something else, or listens elsewhere.'
        : 'Other nodes hear it: a firewall or a list of addresses on its side leaves some nodes out, or their path to it is cut.',
      fix: manual(
        everywhere
          ? `start it, or correct the service ${service.split(' ')[0] ?? service} in spec.externalServices`
          : 'let the addresses of these nodes in where the service runs',
      ),
    })),
});
