import type { KubeObject } from '../core/ports/kube.js';
import type { EtcdMember } from '../run/quorum.js';
import { condition } from './objects.js';

const ETCD_ROLE = 'node-role.kubernetes.io/etcd';

/** etcd's members as K3s shows them on its nodes: whoever has the role and no vote is a learner. Pure. */
export const membersOf = (nodes: readonly KubeObject[]): EtcdMember[] =>
  nodes
    .filter(({ metadata }) => metadata.labels?.[ETCD_ROLE] !== undefined)
    .map((node) => ({
      name: node.metadata.name,
      learner: condition(node, 'EtcdIsVoter').status !== 'True',
      healthy: condition(node, 'Ready').status === 'True',
    }));
