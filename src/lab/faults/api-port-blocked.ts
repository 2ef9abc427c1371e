import { defineFault } from './fault.js';

export const apiPortBlocked = defineFault({
  id: 'api-port-blocked',
  place: 'host',
  title: 'TCP 6443 is dropped on one server',
  simulates: 'A host firewall that lets nobody join: agents wait for the API for ever.',
  codes: ['firewall-drops-port', 'tcp-blocked-by-host'],
  targets: 'server',
  inject: () => `
nft -f - <<'RULES'
table inet lab_api_port_blocked
delete table inet lab_api_port_blocked
table inet lab_api_port_blocked {
  chain input {
    type filter hook input priority filter; policy accept;
    tcp dport 6443 drop
  }
}
RULES
`,
  heal: () => 'nft delete table inet lab_api_port_blocked 2>/dev/null || true',
  check: () => 'nft list table inet lab_api_port_blocked >/dev/null',
});
