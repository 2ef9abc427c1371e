import { grouped, type Look, observe } from '../access.js';
import { findingPerKey, manual, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const certificatesExpiring = defineRule({
  code: 'certificates-expiring',
  title: 'Certificates of the cluster expire',
  severity: 'warning',
  reads: ['kubernetes'],
  explain: `K3s renews its certificates at start when they have less than 120 days left (90 before 1.32), kubeadm on upgrade only. A server that runs for a year without a restart loses its API. CA certificates (ten years) need \`rotate-ca\`.`,
  source: 'https://docs.k3s.io/cli/certificate',
  causes: ['install-failing'],
  check: (context) => {
    const seen = observe(context, 'kubernetes', ({ certificates }): Look[] => {
      const worst = [...certificates].sort((a, b) => a.daysLeft - b.daysLeft)[0];
      if (worst === undefined || worst.daysLeft >= 30) return [];
      const text = `${worst.path}: ${worst.daysLeft < 0 ? `expired ${-worst.daysLeft} days ago` : `${worst.daysLeft} days left`} (${worst.notAfter})`;
      return [{ text, at: 'certificates', key: worst.daysLeft < 0 ? 'error' : 'warning' }];
    });
    return findingPerKey(grouped(seen), (severity, group) => ({
      severity: severity === 'error' ? 'error' : 'warning',
      title: `Certificates ${severity === 'error' ? 'have expired' : 'expire within 30 days'} on ${where(group)}`,
      cause: 'The service was not restarted for long, so it never renewed them.',
      fix: manual(
        'one server at a time: systemctl stop k3s && k3s certificate rotate && systemctl start k3s',
      ),
    }));
  },
});
