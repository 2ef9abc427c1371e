import type { ClusterFacts } from '../../facts/cluster/cluster-facts.js';
import { type Told, toldFinding } from '../cluster.js';
import { manual } from '../compose.js';
import { defineRule } from '../rule.js';

const look = ({ dns, missing }: ClusterFacts): Told[] => {
  if (missing.some(({ what }) => what === 'dns')) return [];
  if (dns === undefined) return [{ part: 'nodes', text: 'there is no Service kube-dns in kube-system' }];
  return dns.ready > 0 ? [] : [{ part: 'dns', text: `${dns.address}: no pod behind it is ready` }];
};

export const clusterDnsDown = defineRule({
  code: 'cluster-dns-down',
  title: 'The cluster has no DNS',
  severity: 'error',
  reads: ['cluster'],
  explain: `Pods find Services, and most of them everything outside, through the Service \`kube-dns\`. Without a ready pod behind it every name fails while everything else looks well.`,
  source: 'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/',
  check: (context) =>
    toldFinding(context, look, () => ({
      title: 'No pod answers DNS in the cluster',
      cause: 'CoreDNS does not run, is not ready, or was never installed.',
      fix: manual(
        'kubectl -n kube-system describe deployment coredns; kubectl -n kube-system logs deployment/coredns',
      ),
    })),
});
