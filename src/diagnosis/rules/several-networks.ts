import type { Trace } from '../../facts/model/kubernetes.js';
import { observe } from '../access.js';
import { activeNetworks } from '../cni.js';
import { findingIf, manual, where } from '../compose.js';
import { defineRule } from '../rule.js';

/** Devices and programs that show a network at work, not only files. */
const LIVE: ReadonlySet<Trace['kind']> = new Set(['link', 'tc', 'bpf']);

export const severalNetworks = defineRule({
  code: 'several-networks',
  title: 'Several cluster networks are set up on one host',
  severity: 'error',
  reads: ['traces', 'cni', 'kubernetes'],
  explain: `Devices of two or more cluster networks are up on a running node. Kubespray run again with another plugin does this, and so does Calico or Cilium installed beside K3s' own Flannel. New pods get one network, old ones keep the
other, and nobody routes between them.`,
  source: 'https://github.com/kubernetes-sigs/kubespray/issues/2493',
  causes: [
    'flannel-leftovers',
    'calico-leftovers',
    'cilium-leftovers',
    'lab-network-leftovers',
    'flannel-masquerade',
    'conflist-unread',
    'iptables-both-backends',
  ],
  check: (context) => {
    const seen = observe(context, 'traces', (traces, host) => {
      const owners = ['flannel', 'calico', 'cilium', 'weave', 'lab'].filter((owner) =>
        traces.some((trace) => trace.owner === owner && LIVE.has(trace.kind)),
      );
      const active = [...activeNetworks(host)];
      if (owners.length < 2 || active.length === 0) return undefined;
      const shown = owners.map(
        (owner) =>
          `${owner} (${traces.find((trace) => trace.owner === owner && LIVE.has(trace.kind))?.name ?? ''})`,
      );
      return `${shown.join(' and ')}; the runtime uses ${active.join(', ')}`;
    });
    return findingIf(seen, () => ({
      title: `Several cluster networks are set up on ${where(seen)}`,
      cause: 'A second network was installed before the first was removed.',
      fix: manual(
        'decide which one stays, then remove the other: its workloads first, then its traces on every host',
      ),
    }));
  },
});
