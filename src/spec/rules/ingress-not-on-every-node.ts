import { defineSpecRule } from '../rule.js';

export const ingressNotOnEveryNode = defineSpecRule({
  code: 'ingress-not-on-every-node',
  title: 'A load balancer sends to nodes on which no ingress listens',
  severity: 'error',
  acceptable: true,
  explain: `A layer 4 load balancer sends connections to ports 80 and 443 of every node that it knows. Something must listen there on
each of them: an ingress DaemonSet with \`hostNetwork: true\`. With a Deployment, nodes without a pod refuse connections until
the health check takes them out, and pods that move cause outages.`,
  reads: ['ingress', 'loadBalancers'],
  check: ({ ingress, loadBalancers }, { at }) => {
    const ports = [ingress.ports.http, ingress.ports.https];
    const sender = loadBalancers.find(({ listeners }) =>
      listeners.some(
        ({ port, targetPort, backends }) =>
          typeof backends === 'string' && ports.includes(targetPort ?? port),
      ),
    );
    if (
      sender === undefined ||
      (ingress.controller !== 'none' && ingress.kind === 'DaemonSet' && ingress.hostNetwork)
    )
      return [];
    const key =
      ingress.controller === 'none' ? 'controller' : ingress.kind === 'DaemonSet' ? 'hostNetwork' : 'kind';
    return [
      {
        message: `${sender.name} sends to every node, but not every node has an ingress on its own ports`,
        location: at(['spec', 'ingress', key]),
        hint: 'use kind: DaemonSet and hostNetwork: true',
      },
    ];
  },
});
