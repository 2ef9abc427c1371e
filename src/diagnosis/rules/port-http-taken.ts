import { portTakenRule } from '../shapes/port-taken.js';

export const portHttpTaken = portTakenRule({
  code: 'port-http-taken',
  title: 'A port that ingress needs is taken',
  severity: 'error',
  protocol: 'tcp',
  ports: (context) => {
    const ingress = context.cluster?.spec.ingress;
    if (ingress === undefined || ingress.controller === 'none' || !ingress.hostNetwork) return [];
    return Object.values(ingress.ports);
  },
  serversOnly: false,
  own: /^(traefik|nginx|dumb-init)/,
  what: 'ingress',
  explain: `The ingress controller listens on these ports of every node (hostNetwork). A web server that the distribution installed (apache2, nginx) keeps its pods crashing, and a balancer would lead requests to it.

Stop it for good: \`systemctl disable --now apache2\`. Where a Kubernetes runs already, a program called traefik or nginx is taken for its ingress.`,
});
