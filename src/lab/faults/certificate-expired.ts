import { defineFault } from './fault.js';

export const certificateExpired = defineFault({
  id: 'certificate-expired',
  place: 'host',
  title: 'A certificate of a stopped K3s server has expired',
  simulates: 'A server that was off for a year: it comes back and nobody trusts it.',
  codes: ['certificates-expiring'],
  targets: 'server',
  inject: () => `
save /etc/rancher/k3s/config.yaml /etc/systemd/system/k3s.service /var/lib/rancher/k3s
mkdir -p /etc/rancher/k3s /etc/systemd/system
cat >/etc/systemd/system/k3s.service <<'UNIT'
[Unit]
Description=Lightweight Kubernetes
[Service]
Type=notify
ExecStart=/usr/local/bin/k3s server
[Install]
WantedBy=multi-user.target
UNIT
systemctl daemon-reload
echo 'flannel-backend: vxlan' >/etc/rancher/k3s/config.yaml
mkdir -p /var/lib/rancher/k3s/server/tls
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=system:admin \\
  -not_before 20240101000000Z -not_after 20250101000000Z \\
  -keyout /var/lib/rancher/k3s/server/tls/client-admin.key -out /var/lib/rancher/k3s/server/tls/client-admin.crt 2>/dev/null
`,
  heal: () => `
restore /etc/rancher/k3s/config.yaml /etc/systemd/system/k3s.service /var/lib/rancher/k3s
rmdir /etc/rancher/k3s /etc/rancher 2>/dev/null || true
systemctl daemon-reload
`,
  check: () =>
    `certificate=/var/lib/rancher/k3s/server/tls/client-admin.crt
[ -e "$certificate" ] && ! openssl x509 -checkend 0 -noout -in "$certificate" >/dev/null`,
});
