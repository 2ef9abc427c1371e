import { defineFault } from './fault.js';

export const hostKeyChanged = defineFault({
  id: 'host-key-changed',
  place: 'host',
  title: 'The host has another ssh key than before',
  simulates: 'The machine was installed anew, or somebody answers in its place.',
  codes: ['contact-host-key-changed'],
  targets: 'agent',
  inject: () => `
save /etc/ssh/ssh_host_ed25519_key /etc/ssh/ssh_host_ed25519_key.pub
rm -f /etc/ssh/ssh_host_ed25519_key /etc/ssh/ssh_host_ed25519_key.pub
ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
systemctl restart ssh
`,
  heal: () => `
restore /etc/ssh/ssh_host_ed25519_key /etc/ssh/ssh_host_ed25519_key.pub
systemctl restart ssh
`,
  check: () => '[ -e "$KEEP/etc/ssh/ssh_host_ed25519_key" ]',
});
