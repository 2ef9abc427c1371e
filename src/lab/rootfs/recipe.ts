import { createHash } from 'node:crypto';
import { ROOTFS_FILES, type RootfsFile } from './files.js';

/** Everything that decides what a root file system holds; its hash names the cache entry. */
export interface Recipe {
  /** Raised when the way of making it changes. */
  readonly version: number;
  readonly suite: string;
  readonly arch: string;
  /** Installed in every host. */
  readonly packages: readonly string[];
  /** Not installed, but served by the lab's package repository. Groups, because some conflict with each other. */
  readonly repository: readonly (readonly string[])[];
  readonly files: readonly RootfsFile[];
  readonly units: UnitStates;
}

interface UnitStates {
  readonly enabled: readonly string[];
  readonly disabled: readonly string[];
  readonly masked: readonly string[];
}

const DEBIAN_ARCH: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

const PACKAGES = [
  'systemd',
  'systemd-sysv',
  'dbus',
  'openssh-server',
  'ca-certificates',
  'sudo',
  'python3',
  'e2fsprogs',
  'kmod',
  'procps',
  'rsync',
  'iproute2',
  'iputils-ping',
  'iptables',
  'nftables',
  'ipset',
  'conntrack',
  'ethtool',
  'ufw',
  'busybox',
  'curl',
  'socat',
  'netcat-openbsd',
  'bind9-dnsutils',
  'tcpdump',
  'containerd',
  'runc',
  'containernetworking-plugins',
] as const;

/** What the preparation of a host may ask the package manager for. */
const REPOSITORY = [
  [
    'ufw',
    'nftables',
    'iptables',
    'ipset',
    'conntrack',
    'curl',
    'socat',
    'ethtool',
    'systemd-timesyncd',
    'systemd-resolved',
    'wireguard-tools',
    'open-iscsi',
    'nfs-common',
    'ipvsadm',
    'ebtables',
    'jq',
    'logrotate',
    'unattended-upgrades',
    'haproxy',
    'keepalived',
    // What a lab in a lab's virtual machine needs of its machine.
    'systemd-container',
    'debootstrap',
    'apt-utils',
  ],
  ['chrony'],
  // What stands outside of clusters, for a host of the lab that stands for it. Debian has no MinIO.
  ['postgresql', 'redis-server', 'rabbitmq-server', 'mariadb-server'],
] as const;

export const rootfsRecipe = (): Recipe => ({
  version: 2,
  suite: 'trixie',
  arch: DEBIAN_ARCH[process.arch] ?? process.arch,
  packages: PACKAGES,
  repository: REPOSITORY,
  files: ROOTFS_FILES,
  units: {
    enabled: ['systemd-networkd', 'ssh', 'drover-lab-view'],
    disabled: [
      'containerd',
      'apt-daily.timer',
      'apt-daily-upgrade.timer',
      'dpkg-db-backup.timer',
      'e2scrub_all.timer',
      'fstrim.timer',
    ],
    masked: [
      'systemd-networkd-wait-online.service',
      'getty@.service',
      'console-getty.service',
      'systemd-logind.service',
    ],
  },
});

export const recipeHash = (recipe: Recipe): string =>
  createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 16);
