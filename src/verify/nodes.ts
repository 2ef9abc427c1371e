import type { KubeObject } from '../core/ports/kube.js';
import { type CheckResult, fail, passIf } from './check.js';
import { condition, text } from './objects.js';

export interface WantedNode {
  readonly name: string;
  readonly role: 'server' | 'agent';
  readonly version: string;
}

const readiness = (wanted: WantedNode, node: KubeObject): CheckResult[] => {
  const ready = condition(node, 'Ready');
  const version = text(node, 'status', 'nodeInfo', 'kubeletVersion');
  const part = { node: wanted.name };
  return [
    passIf(ready.status === 'True', {
      ...part,
      check: 'node-ready',
      title: 'The node is Ready',
      detail: ready.status === 'True' ? 'Ready' : ready.detail,
    }),
    passIf(version === wanted.version, {
      ...part,
      check: 'node-version',
      title: 'The node runs the wanted version',
      detail: version === wanted.version ? version : `${version}, wanted ${wanted.version}`,
    }),
  ];
};

const voting = (wanted: WantedNode, node: KubeObject): CheckResult[] => {
  if (wanted.role !== 'server') return [];
  const voter = condition(node, 'EtcdIsVoter');
  return [
    passIf(voter.status === 'True', {
      check: 'etcd-voter',
      title: 'The etcd member is a voter',
      node: wanted.name,
      detail: voter.status === 'True' ? 'voter' : voter.detail,
    }),
  ];
};

/** Every wanted node exists, is Ready at its version, and every server's etcd member votes. Pure. */
export const checkNodes = (wanted: readonly WantedNode[], nodes: readonly KubeObject[]): CheckResult[] => {
  const byName = new Map(nodes.map((node) => [node.metadata.name, node]));
  const known = new Set(wanted.map(({ name }) => name));
  const strangers = nodes.filter(({ metadata }) => !known.has(metadata.name));
  return [
    ...wanted.flatMap((each) => {
      const node = byName.get(each.name);
      if (node === undefined)
        return [
          fail({
            check: 'node-ready',
            title: 'The node is Ready',
            node: each.name,
            detail: 'there is no such node',
          }),
        ];
      return [...readiness(each, node), ...voting(each, node)];
    }),
    ...strangers.map(({ metadata }) =>
      fail({
        check: 'node-wanted',
        title: 'The spec names the node',
        node: metadata.name,
        detail: 'the spec has no host of this name',
      }),
    ),
  ];
};

/** Names of the nodes that are Ready: pods start only there. */
export const readyNodes = (nodes: readonly KubeObject[]): string[] =>
  nodes.filter((node) => condition(node, 'Ready').status === 'True').map(({ metadata }) => metadata.name);
