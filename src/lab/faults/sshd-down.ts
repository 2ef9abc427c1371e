import { defineFault } from './fault.js';

export const sshdDown = defineFault({
  id: 'sshd-down',
  place: 'host',
  title: 'sshd does not run',
  simulates: 'A broken sshd configuration after an upgrade: the machine is fine and nobody gets in.',
  codes: ['contact-refused'],
  targets: 'agent',
  inject: () => 'systemctl stop ssh.socket ssh.service 2>/dev/null || systemctl stop ssh',
  heal: () => 'systemctl start ssh',
  check: () => '! systemctl is-active -q ssh',
});
