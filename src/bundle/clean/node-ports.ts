import type { KubeObject } from '../../core/ports/kube.js';
import { type Draft, listOf, mapOf, remove } from './draft.js';
import type { Provenance } from './provenance.js';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

const appliedPorts = ({ metadata }: KubeObject): readonly unknown[] => {
  try {
    const applied: unknown = JSON.parse(metadata.annotations?.[LAST_APPLIED] ?? '{}');
    return listOf(mapOf(mapOf(applied)['spec'])['ports']).map((port) => mapOf(port)['nodePort']);
  } catch {
    return [];
  }
};

/** Node ports move along only when somebody chose them: managedFields or what kubectl applied last say so. */
export const cleanNodePorts = (draft: Draft, provenance: Provenance, keep: 'own' | 'all'): void => {
  if (keep === 'all') return;
  const chosen = appliedPorts(draft.original);
  const ports = listOf(mapOf(draft.original['spec'])['ports']);
  for (const [index, port] of ports.entries()) {
    const path = ['spec', 'ports', index, 'nodePort'];
    const { nodePort } = mapOf(port);
    if (nodePort === undefined || chosen.includes(nodePort) || provenance.isPersons(path)) continue;
    remove(draft, path, { reason: 'cluster-specific' });
  }
};
