const FILES = '/etc/rancher/k3s/config.yaml /etc/systemd/system/k3s.service';

/** A stopped K3s server with the given configuration, as an installation leaves it; the program itself is not needed. */
export const installK3sServer = (config: string): string => `
save ${FILES}
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
${config.trim()}
CONFIG
`;

export const removeK3sServer = `
restore ${FILES}
rmdir /etc/rancher/k3s /etc/rancher 2>/dev/null || true
systemctl daemon-reload
`;
