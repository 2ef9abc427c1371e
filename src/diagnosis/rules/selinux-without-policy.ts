import { observe, valueOf } from '../access.js';
import { findingIf, manual, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const selinuxWithoutPolicy = defineRule({
  code: 'selinux-without-policy',
  title: 'SELinux enforces without a policy for K3s',
  severity: 'error',
  reads: ['security', 'packages'],
  explain: `SELinux is enforcing and the package \`k3s-selinux\` is not installed: containers may not read their own files and volumes, and pods die with "permission denied". The installation script fetches it online; without access to
Rancher's repository it must be installed first.`,
  source: 'https://docs.k3s.io/advanced#selinux-support',
  check: (context) => {
    const seen = observe(context, 'security', ({ selinux }, host) => {
      const packages = valueOf(host, 'packages');
      if (selinux !== 'enforcing' || packages === undefined || 'k3s-selinux' in packages.programs)
        return undefined;
      return { text: 'SELinux enforcing, no k3s-selinux', at: 'selinux' };
    });
    return findingIf(seen, () => ({
      title: `SELinux enforces on ${where(seen)}, and k3s-selinux is not installed`,
      cause: 'The distribution enforces SELinux by default; the policy for K3s is a package of its own.',
      fix: manual('dnf install -y container-selinux k3s-selinux'),
    }));
  },
});
