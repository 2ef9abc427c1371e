import { defineFault } from './fault.js';

export const sshdSlow = defineFault({
  id: 'sshd-slow',
  place: 'host',
  title: 'sshd takes five seconds to let anybody in',
  simulates: 'sshd waits for a directory or name server that does not answer.',
  codes: ['contact-slow'],
  targets: 'agent',
  inject: () => `
cat >/usr/local/sbin/lab-slow-keys <<'SCRIPT'
#!/bin/sh
sleep 5
cat "$1/.ssh/authorized_keys"
SCRIPT
chmod 755 /usr/local/sbin/lab-slow-keys
printf 'AuthorizedKeysFile none\\nAuthorizedKeysCommand /usr/local/sbin/lab-slow-keys %%h\\nAuthorizedKeysCommandUser root\\n' >/etc/ssh/sshd_config.d/00-lab-slow.conf
systemctl restart ssh
`,
  heal: () => `
rm -f /etc/ssh/sshd_config.d/00-lab-slow.conf /usr/local/sbin/lab-slow-keys
systemctl restart ssh
`,
  check: () => '[ -e /etc/ssh/sshd_config.d/00-lab-slow.conf ]',
});
