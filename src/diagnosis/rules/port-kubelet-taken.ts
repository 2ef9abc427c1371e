import { portTakenRule } from '../shapes/port-taken.js';

export const portKubeletTaken = portTakenRule({
  code: 'port-kubelet-taken',
  title: 'The port of kubelet is taken',
  severity: 'error',
  protocol: 'tcp',
  ports: () => [10250],
  serversOnly: false,
  what: 'kubelet',
  explain: `Every node needs 10250 for kubelet: logs, exec, metrics and the port of K3s' own tunnel. Common: a kubelet of an earlier installation that still runs.`,
  causes: ['install-failing'],
});
