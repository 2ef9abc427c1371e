import { grouped, observe } from '../access.js';
import { findingIf, manual } from '../compose.js';
import { defineRule } from '../rule.js';

export const architecturesDiffer = defineRule({
  code: 'architectures-differ',
  title: 'Hosts have different processor architectures',
  severity: 'info',
  reads: ['os'],
  explain: `A cluster may mix architectures, but each image must exist for all of them, or workloads need \`nodeSelector: kubernetes.io/arch\`. A pod
that lands on the wrong side dies with \`exec format error\`.`,
  check: (context) => {
    const seen = observe(context, 'os', ({ arch }) => ({ text: arch, at: 'arch', key: arch }));
    const kinds = grouped(seen);
    if (kinds.length < 2) return [];
    return findingIf(seen, () => ({
      title: `Hosts have different architectures: ${kinds.map(([arch, hosts]) => `${hosts.length} × ${arch}`).join(', ')}`,
      cause: 'The machines are of different types.',
      fix: manual('use images for all of them, or pin workloads: nodeSelector: {kubernetes.io/arch: amd64}'),
    }));
  },
});
