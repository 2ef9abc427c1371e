import { defineFault } from './fault.js';

export const duplicateHostname = defineFault({
  id: 'duplicate-hostname',
  place: 'host',
  title: 'Two hosts have one hostname',
  simulates:
    'A cloned machine whose name was never changed: the second node takes over the first one’s place.',
  codes: ['duplicate-hostname'],
  targets: 'two',
  inject: () => `
save /etc/hostname
echo cloned-template >/etc/hostname
hostname cloned-template
`,
  heal: () => `
restore /etc/hostname
hostname "$(cat /etc/hostname)"
`,
  check: () => '[ "$(hostname)" = cloned-template ]',
});
