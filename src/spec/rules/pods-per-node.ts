import { defineSpecRule } from '../rule.js';

export const podsPerNode = defineSpecRule({
  code: 'pods-per-node',
  title: 'A node may run more pods than it has addresses',
  severity: 'error',
  explain: `A node hands out addresses from its part of the pod range. With \`nodeMask: 26\` it has 62, while the kubelet
accepts \`maxPods\` pods (110 unless told otherwise): from the 62nd on they hang in ContainerCreating. Calico takes further
blocks by itself and is not concerned.`,
  reads: ['network'],
  check: ({ network }, { at }) => {
    if (network.cni.name === 'calico' || network.pods.includes(':')) return [];
    const addresses = 2 ** (32 - network.nodeMask) - 3;
    if (network.maxPods <= addresses) return [];
    const path = ['spec', 'network'];
    return [
      {
        message: `${network.maxPods} pods do not fit into a /${network.nodeMask} with ${addresses} free addresses`,
        location: at([...path, 'nodeMask']),
        hint: `use nodeMask: 24, or maxPods: ${addresses}`,
      },
    ];
  },
});
