import type { HostRole } from '../../spec/schema/hosts.js';

export type K3sRole = Exclude<HostRole, 'external'>;

/** `k3s` on servers, `k3s-agent` on agents, as K3s' own installer names them. */
export const unitOf = (role: K3sRole): string => (role === 'server' ? 'k3s' : 'k3s-agent');

/**
 * The systemd unit with the properties that K3s documents: servers tell systemd when they are ready, agents
 * cannot; pods outlive a stop (KillMode=process). Everything else stands in configuration files.
 */
export const unitText = (role: K3sRole): string =>
  `[Unit]
Description=Lightweight Kubernetes
Documentation=https://k3s.io
Wants=network-online.target
After=network-online.target

[Install]
WantedBy=multi-user.target

[Service]
Type=${role === 'server' ? 'notify' : 'exec'}
EnvironmentFile=-/etc/default/%N
EnvironmentFile=-/etc/sysconfig/%N
EnvironmentFile=-/etc/systemd/system/${unitOf(role)}.service.env
KillMode=process
Delegate=yes
LimitNOFILE=1048576
LimitNPROC=infinity
LimitCORE=infinity
TasksMax=infinity
TimeoutStartSec=0
Restart=always
RestartSec=5s
ExecStartPre=-/sbin/modprobe br_netfilter
ExecStartPre=-/sbin/modprobe overlay
ExecStart=/usr/local/bin/k3s ${role}
`;
