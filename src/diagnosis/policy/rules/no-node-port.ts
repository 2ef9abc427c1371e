import { definePolicyRule } from '../rule.js';

export const noNodePort = definePolicyRule({
  code: 'no-node-port',
  title: 'Services are not exposed as NodePort',
  explain: `A NodePort opens a port on every node, past the ingress and its TLS, access log and limits. A Service of type LoadBalancer opens one as well,
unless \`allocateLoadBalancerNodePorts\` is false.`,
  fix: 'use type ClusterIP with an Ingress; for something other than HTTP, declare an exception',
  check: (object) => {
    const type =
      object.kind === 'Service' ? (object['spec'] as { type?: unknown } | undefined)?.type : undefined;
    return type === 'NodePort' ? [{ path: ['spec', 'type'], text: 'opens a port on every node' }] : [];
  },
});
