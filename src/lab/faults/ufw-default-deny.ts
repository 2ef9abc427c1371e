import { defineFault } from './fault.js';

export const ufwDefaultDeny = defineFault({
  id: 'ufw-default-deny',
  place: 'host',
  title: 'ufw is active, denies by default and allows only SSH',
  simulates: 'What most hardening guides leave behind: nothing of a cluster passes.',
  codes: ['ufw-blocks'],
  besides: ['forward-policy-drop'],
  targets: 'agent',
  inject: () => `
save /etc/default/ufw /etc/ufw
ufw --force reset >/dev/null
ufw default deny incoming >/dev/null
ufw allow 22/tcp >/dev/null
ufw --force enable >/dev/null
`,
  heal: () => `
ufw --force disable >/dev/null
ufw --force reset >/dev/null
restore /etc/default/ufw /etc/ufw
`,
  check: () => `
ufw status | grep -q '^Status: active'
`,
});
