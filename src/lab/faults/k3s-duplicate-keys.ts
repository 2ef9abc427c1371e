import { defineFault } from './fault.js';

export const k3sDuplicateKeys = defineFault({
  id: 'k3s-duplicate-keys',
  place: 'host',
  title: 'A key stands twice in the K3s configuration',
  simulates: 'Lines were appended with `cat >>`, twice: the last one wins and nobody is told.',
  codes: ['duplicate-config-keys'],
  targets: 'server',
  inject: () => `
save /etc/rancher/k3s/config.yaml /etc/systemd/system/k3s.service
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
cat >/etc/rancher/k3s/config.yaml <<'CONFIG'
flannel-backend: vxlan
disable:
  - traefik
flannel-backend: none
disable:
  - servicelb
CONFIG
`,
  heal: () => `
restore /etc/rancher/k3s/config.yaml /etc/systemd/system/k3s.service
rmdir /etc/rancher/k3s /etc/rancher 2>/dev/null || true
systemctl daemon-reload
`,
  check: () => '[ "$(grep -c flannel-backend /etc/rancher/k3s/config.yaml)" = 2 ]',
});
