import type { KubeFailure, KubeObject } from '../../../../src/core/ports/kube.js';
import type { Node } from './nodes.js';

export const addressOf = (pod: KubeObject): string =>
  (pod['status'] as { readonly podIP?: string } | undefined)?.podIP ?? '';
export const nodeOf = (pod: KubeObject): string =>
  (pod['spec'] as { readonly nodeName?: string } | undefined)?.nodeName ?? '';

/** A pod as its maker writes it. */
export const pod = (name: string, node: Node, owner?: 'DaemonSet' | 'ReplicaSet'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'default',
    ...(owner === undefined
      ? {}
      : {
          ownerReferences: [
            {
              apiVersion: 'apps/v1',
              kind: owner,
              name: name.split('-')[0],
              uid: `uid-${name.split('-')[0] ?? ''}`,
              controller: true,
            },
          ],
        }),
  },
  spec: { nodeName: node, containers: [{ name: 'main', image: 'x' }] },
});

/** What the API says when a budget forbids to evict a pod. */
export const refusedByBudget = (name: string): KubeFailure => ({
  kind: 'too-many-requests',
  status: 429,
  message: 'Cannot evict pod as it would violate the pod’s disruption budget.',
  causes: [
    {
      reason: 'DisruptionBudget',
      message: `The disruption budget of-${name} needs 1 healthy pods and has 1 currently`,
    },
  ],
});
