/** A file that every host of every lab has. Paths are absolute inside the host. */
export interface RootfsFile {
  readonly path: string;
  readonly mode: number;
  readonly content: string;
}

const file = (path: string, content: string, mode = 0o644): RootfsFile => ({ path, mode, content });

/** Name of the lab's package repository; the lab's DNS answers it with the gateway. */
export const PACKAGES_HOST = 'packages.drover.internal';

/**
 * Runs once at boot, before anything else. The host shares its kernel with the machine: kubelet must find the
 * values it insists on without writing the machine's, and be able to write the cgroups that are the host's own.
 */
const VIEW = `#!/bin/sh
for group in /sys/fs/cgroup/*/; do
  mount -o remount,rw,bind "$group" 2>/dev/null
done
mount --make-rshared /
mkdir -p /run/drover-lab
show() {
  echo "$2" >"/run/drover-lab/$1"
  mount --bind "/run/drover-lab/$1" "/proc/sys/$(echo "$1" | tr . /)"
}
show vm.overcommit_memory 1
show kernel.panic 10
show kernel.panic_on_oops 1
[ ! -e /run/drover-lab-meminfo ] || mount --bind /run/drover-lab-meminfo /proc/meminfo
exit 0
`;

const VIEW_UNIT = `[Unit]
Description=What a lab host sees of the kernel it shares
DefaultDependencies=no
Before=sysinit.target
After=local-fs.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/sbin/drover-lab-view

[Install]
WantedBy=sysinit.target
`;

const SSHD = `PermitRootLogin prohibit-password
PasswordAuthentication no
HostKey /etc/ssh/ssh_host_ed25519_key
UseDNS no
MaxStartups 100:30:200
MaxSessions 64
`;

/** networkd must leave alone what cluster networks add. */
const NETWORKD = `[Network]
ManageForeignRoutingPolicyRules=no
ManageForeignRoutes=no
`;

const SOURCES = `Types: deb
URIs: http://${PACKAGES_HOST}/
Suites: ./
Trusted: yes
`;

export const ROOTFS_FILES: readonly RootfsFile[] = [
  file('/usr/local/sbin/drover-lab-view', VIEW, 0o755),
  file('/etc/systemd/system/drover-lab-view.service', VIEW_UNIT),
  file('/etc/ssh/sshd_config.d/10-drover-lab.conf', SSHD),
  file('/etc/systemd/networkd.conf.d/drover-lab.conf', NETWORKD),
  // Process 1 of pods ignores SIGTERM: a host that is being stopped must not wait 90 seconds for each.
  file('/etc/systemd/system.conf.d/drover-lab.conf', '[Manager]\nDefaultTimeoutStopSec=3s\n'),
  file('/etc/apt/sources.list.d/drover-lab.sources', SOURCES),
  file('/etc/apt/apt.conf.d/90drover-lab', 'Acquire::Languages "none";\nAPT::Install-Recommends "false";\n'),
  file('/etc/apt/sources.list', ''),
  file('/etc/machine-id', ''),
];
