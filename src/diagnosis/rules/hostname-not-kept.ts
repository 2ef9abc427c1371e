import { observe } from '../access.js';
import { findingIf, step, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const hostnameNotKept = defineRule({
  code: 'hostname-not-kept',
  title: 'The hostname will change at the next start',
  severity: 'warning',
  reads: ['identity'],
  explain: `The running name and \`/etc/hostname\` differ. After a reboot the node would come back under another name, as a new node, with the old one NotReady
for ever. On cloud images also set \`preserve_hostname: true\` in cloud-init.`,
  check: (context) => {
    const seen = observe(context, 'identity', ({ hostname, staticHostname }) =>
      staticHostname === '' || staticHostname === hostname
        ? undefined
        : { text: `runs as ${hostname}, /etc/hostname says ${staticHostname}`, at: 'staticHostname' },
    );
    return findingIf(seen, () => ({
      title: `The hostname of ${where(seen)} is not the one in /etc/hostname`,
      cause: 'The name was set for the running system only, or by DHCP.',
      fix: step('host.hostname', 'set it for good: hostnamectl set-hostname NAME'),
    }));
  },
});
