import { portTakenRule } from '../shapes/port-taken.js';

export const portApiTaken = portTakenRule({
  code: 'port-api-taken',
  title: 'The port of the Kubernetes API is taken',
  severity: 'error',
  protocol: 'tcp',
  ports: () => [6443],
  serversOnly: true,
  what: 'Kubernetes API and K3s supervisor',
  explain: `K3s and kube-apiserver listen on 6443 and stop with "address already in use" when another program has it. Common: an earlier Kubernetes, a load balancer (HAProxy) on the same host. \`https-listen-port\` can move K3s, but every join address must follow.`,
  causes: ['install-failing'],
});
