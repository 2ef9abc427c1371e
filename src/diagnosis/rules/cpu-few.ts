import { isServer, observe } from '../access.js';
import { findingIf, manual, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const cpuFew = defineRule({
  code: 'cpu-few',
  title: 'A server has one processor only',
  severity: 'warning',
  reads: ['cpu'],
  explain: `kubeadm refuses a control plane with fewer than two processors and K3s asks for two: with one, etcd misses heartbeats whenever the API server is busy.`,
  source: 'https://docs.k3s.io/installation/requirements',
  check: (context) => {
    const seen = observe(context, 'cpu', ({ count }, host) =>
      isServer(host) && count < 2 ? { text: `${count} processor`, at: 'count' } : undefined,
    );
    return findingIf(seen, () => ({
      title: `A server has one processor only: ${where(seen)}`,
      cause: 'The machine type is too small for a control plane.',
      fix: manual('use a machine with at least two processors for servers'),
    }));
  },
});
