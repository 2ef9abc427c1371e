import { defineFault } from './fault.js';

export const sshLoginRefused = defineFault({
  id: 'ssh-login-refused',
  place: 'host',
  title: 'No key may log in',
  simulates: 'Somebody cleaned up authorized_keys.',
  codes: ['contact-auth'],
  targets: 'agent',
  inject: () => `
for file in /root/.ssh/authorized_keys /home/*/.ssh/authorized_keys; do
  [ -e "$file" ] || continue
  save "$file"
  : >"$file"
done
`,
  heal: () => `
for file in /root/.ssh/authorized_keys /home/*/.ssh/authorized_keys; do
  [ -e "$file" ] && restore "$file"
done
true
`,
  check: () => '[ ! -s /root/.ssh/authorized_keys ]',
});
