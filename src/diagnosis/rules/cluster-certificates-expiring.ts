import type { ClusterFacts } from '../../facts/cluster/cluster-facts.js';
import { type Told, toldFinding } from '../cluster.js';
import { manual } from '../compose.js';
import { defineRule } from '../rule.js';

const ENDING_DAYS = 30;

const look = ({ certificates }: ClusterFacts): Told[] =>
  certificates
    .filter(({ daysLeft }) => daysLeft < ENDING_DAYS)
    .map(({ name, daysLeft, notAfter }) => ({
      part: 'certificates',
      text: `${name}: ${daysLeft < 0 ? `expired ${-daysLeft} days ago` : `${daysLeft} days left`} (${notAfter})`,
    }));

export const clusterCertificatesExpiring = defineRule({
  code: 'cluster-certificates-expiring',
  title: 'Certificates seen at the API end soon',
  severity: 'warning',
  reads: ['cluster'],
  explain: `The API's own certificate and the one in the kubeconfig last a year with K3s and kubeadm. K3s renews its own when it starts; a kubeconfig that was copied away is never renewed: fetch a new one.`,
  source: 'https://docs.k3s.io/cli/certificate',
  check: (context) =>
    toldFinding(context, look, () => ({
      title: 'Certificates end within 30 days',
      cause: 'The servers were not restarted for long, or the kubeconfig is an old copy.',
      fix: manual('restart one server after the other, then fetch the kubeconfig again'),
    })),
});
