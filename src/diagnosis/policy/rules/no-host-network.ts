import { podSpecOf } from '../pods.js';
import { definePolicyRule } from '../rule.js';

export const noHostNetwork = definePolicyRule({
  code: 'no-host-network',
  title: 'Applications do not use hostNetwork',
  explain: `A pod with \`hostNetwork\` takes ports of the node, sees all its traffic, stands outside every NetworkPolicy and cannot run twice on
one node. The platform needs that (ingress, networks, exporters), applications do not.`,
  fix: 'remove hostNetwork; let the ingress or a Service lead to the application',
  check: (object) => {
    const pod = podSpecOf(object);
    return pod?.spec['hostNetwork'] === true
      ? [{ path: [...pod.path, 'hostNetwork'], text: 'uses the network of the node' }]
      : [];
  },
});
