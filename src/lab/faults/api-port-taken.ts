import { defineFault } from './fault.js';

export const apiPortTaken = defineFault({
  id: 'api-port-taken',
  place: 'host',
  title: 'Something else listens on TCP 6443',
  simulates: 'Another web server on a future control plane: K3s cannot start there.',
  codes: ['port-api-taken'],
  targets: 'server',
  inject: () => `
systemctl is-active -q lab-port-6443 || systemd-run --quiet --unit=lab-port-6443 --collect python3 -m http.server 6443 --directory /srv
i=0
until ss -Hltn 'sport = :6443' | grep -q .; do i=$((i + 1)); [ "$i" -lt 200 ]; sleep 0.05; done
`,
  heal: () => 'systemctl stop lab-port-6443 2>/dev/null || true',
  check: () => `
ss -Hltn 'sport = :6443' | grep -q .
`,
});
