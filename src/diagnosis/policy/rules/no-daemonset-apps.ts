import { definePolicyRule } from '../rule.js';

export const noDaemonsetApps = definePolicyRule({
  code: 'no-daemonset-apps',
  title: 'Applications are not DaemonSets',
  explain: `A DaemonSet runs one pod on every node, whatever the load is: it cannot be scaled, an HPA does nothing for it, and every new node starts one
more. Agents of the platform are DaemonSets; applications are Deployments.`,
  fix: 'make it a Deployment with replicas, and spread it with topologySpreadConstraints',
  check: (object) =>
    object.kind === 'DaemonSet'
      ? [{ path: ['kind'], text: 'runs on every node instead of being scaled' }]
      : [],
});
