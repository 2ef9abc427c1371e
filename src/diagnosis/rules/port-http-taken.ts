import { portTakenRule } from '../shapes/port-taken.js';

export const portHttpTaken = portTakenRule({
  code: 'port-http-taken',
  title: 'A port that ingress needs is taken',
  severity: 'warning',
  protocol: 'tcp',
  ports: (context) => {
    const ingress = context.cluster?.spec.ingress;
    if (ingress === undefined) return [80, 443];
    return ingress.controller === 'none' ? [] : [ingress.ports.http, ingress.ports.https];
  },
  serversOnly: false,
  freshOnly: true,
  what: 'ingress',
  explain: `The ingress controller listens on these ports of every node (hostNetwork, or K3s' service load balancer). A web server that the distribution installed (apache2, nginx) keeps its pods Pending or crashing.`,
});
