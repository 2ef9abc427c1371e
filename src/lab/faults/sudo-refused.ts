import { defineFault } from './fault.js';

export const sudoRefused = defineFault({
  id: 'sudo-refused',
  place: 'host',
  title: 'sudo asks for a password',
  simulates: 'The login user lost its NOPASSWD rule; only visible where Drover does not log in as root.',
  codes: ['contact-sudo-refused'],
  targets: 'agent',
  inject: (target) => `
save /etc/sudoers.d/90-${target.host.user}
rm -f /etc/sudoers.d/90-${target.host.user}
`,
  heal: (target) => `
restore /etc/sudoers.d/90-${target.host.user}
`,
  check: (target) => `
[ ! -e /etc/sudoers.d/90-${target.host.user} ]
`,
});
