import { defineFault } from './fault.js';

export const k3sConfigDiffers = defineFault({
  id: 'k3s-config-differs',
  place: 'host',
  title: 'Two servers have different critical K3s settings',
  simulates:
    'Cluster ranges and network back end must be equal on all servers; the second server refuses to join, or worse, joins.',
  codes: ['critical-values-differ'],
  targets: 'two-servers',
  inject: (target) => `
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
cluster-cidr: 10.${42 + target.index}.0.0/16
flannel-backend: ${target.index === 0 ? 'vxlan' : 'none'}
disable-network-policy: ${target.index === 1}
CONFIG
`,
  heal: () => `
restore /etc/rancher/k3s/config.yaml /etc/systemd/system/k3s.service
rmdir /etc/rancher/k3s /etc/rancher 2>/dev/null || true
systemctl daemon-reload
`,
  check: () => 'grep -q cluster-cidr /etc/rancher/k3s/config.yaml',
});
