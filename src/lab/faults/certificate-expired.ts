import { defineFault } from './fault.js';
import { installK3sServer, removeK3sServer } from './k3s-server.js';

export const certificateExpired = defineFault({
  id: 'certificate-expired',
  place: 'host',
  title: 'A certificate of a stopped K3s server has expired',
  simulates: 'A server that was off for a year: it comes back and nobody trusts it.',
  codes: ['certificates-expiring'],
  targets: 'server',
  inject: () => `${installK3sServer('flannel-backend: vxlan')}
save /var/lib/rancher/k3s
mkdir -p /var/lib/rancher/k3s/server/tls
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=system:admin \\
  -not_before 20240101000000Z -not_after 20250101000000Z \\
  -keyout /var/lib/rancher/k3s/server/tls/client-admin.key -out /var/lib/rancher/k3s/server/tls/client-admin.crt 2>/dev/null
`,
  heal: () => `restore /var/lib/rancher/k3s
${removeK3sServer}`,
  check: () =>
    `certificate=/var/lib/rancher/k3s/server/tls/client-admin.crt
[ -e "$certificate" ] && ! openssl x509 -checkend 0 -noout -in "$certificate" >/dev/null`,
});
