import { observe } from '../access.js';
import { findingIf, manual, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const nmCloudSetup = defineRule({
  code: 'nm-cloud-setup',
  title: 'nm-cloud-setup rewrites routes',
  severity: 'error',
  reads: ['units'],
  explain: `\`nm-cloud-setup\` (RHEL and kin on clouds) adds routing rules that send pods' packets the wrong way. K3s asks to disable it and reboot.`,
  source: 'https://docs.k3s.io/installation/requirements',
  check: (context) => {
    const seen = observe(context, 'units', (units) => {
      const on = ['nm-cloud-setup', 'nm-cloud-setup.timer'].filter(
        (name) => units[name]?.enabled === 'enabled' || units[name]?.active === 'active',
      );
      return on.length === 0 ? undefined : { text: `${on.join(', ')} enabled`, at: on[0] ?? '' };
    });
    return findingIf(seen, () => ({
      title: `nm-cloud-setup is on at ${where(seen)} and will misdirect pods' packets`,
      cause: 'The distribution enables it on cloud images.',
      fix: manual('systemctl disable --now nm-cloud-setup.service nm-cloud-setup.timer && reboot'),
    }));
  },
});
