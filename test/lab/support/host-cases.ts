import type { HostTarget } from '../../../src/core/ports/transport.js';
import { haproxy } from '../../../src/steps/balancer/haproxy.js';
import { cniClean } from '../../../src/steps/cni/clean.js';
import { cniIpsetSwap } from '../../../src/steps/cni/ipset-swap.js';
import { hostFirewall } from '../../../src/steps/host/firewall.js';
import { hostHostname } from '../../../src/steps/host/hostname.js';
import { hostHostsFile } from '../../../src/steps/host/hosts-file.js';
import { hostModules } from '../../../src/steps/host/modules.js';
import { hostPackages } from '../../../src/steps/host/packages.js';
import { hostResolvers } from '../../../src/steps/host/resolvers.js';
import { hostSwap } from '../../../src/steps/host/swap.js';
import { hostSysctls } from '../../../src/steps/host/sysctls.js';
import { hostTime } from '../../../src/steps/host/time.js';
import type { ContractCase } from '../../steps/contract.js';
import { plantOldNetworks } from './old-networks.js';

const rule = (part: object) => ({
  direction: 'in',
  protocol: 'any',
  ports: [],
  from: 'any',
  to: 'any',
  ...part,
});

export const FIREWALL = {
  deadManSeconds: 60,
  rules: [
    rule({ protocol: 'tcp', ports: ['2379:2380', '6443', '10250'], from: '10.78.0.99', reason: 'agent-1' }),
    rule({ protocol: 'udp', ports: ['8472'], from: '10.78.0.99', reason: 'agent-1' }),
    rule({ from: '10.42.0.0/16', reason: 'pods' }),
    rule({ direction: 'route', to: '10.42.0.0/16', reason: 'to pods' }),
    rule({ protocol: 'tcp', ports: ['80', '443'], reason: 'ingress' }),
    rule({ protocol: 'tcp', ports: ['443'], from: 'fd00::/64', reason: 'v6' }),
  ],
};

export const DOCKER = `
iptables -t nat -N DOCKER; iptables -N DOCKER-USER; iptables -I FORWARD -j DOCKER-USER; iptables -A DOCKER-USER -j RETURN
iptables -P FORWARD DROP`;

/** Sets as K3s' network policy controller leaves them: one is used by a rule, and has a member. */
export const NEWER_SETS = `
ipset create cali40this-host hash:ip family inet maxelem 1048576; ipset add cali40this-host 10.78.0.99
ipset create cali60this-host hash:ip family inet6; ipset create cali40all-ipam-pools hash:net
iptables -t mangle -N cali-POSTROUTING
iptables -t mangle -A cali-POSTROUTING -m set --match-set cali40this-host src -j RETURN`;

/** The longest first. */
export const hostCases: readonly ContractCase[] = [
  {
    step: hostFirewall,
    params: FIREWALL,
    prepare: DOCKER,
    sabotage: 'iptables -F ufw-user-input',
  },
  {
    step: hostSwap,
    params: {},
    prepare: `printf '# swap of old\\nUUID=1 none swap sw 0 0\\n/dev/sda1 /data ext4 noauto,nofail 0 0\\n/dev/sdb2\\tswap\\tswap' >/etc/fstab; chmod 640 /etc/fstab`,
    sabotage: `echo '/dev/sdc none swap sw 0 0' >>/etc/fstab`,
  },
  {
    step: hostModules,
    params: { modules: ['br_netfilter', 'overlay', 'vxlan'] },
    sabotage: 'sed -i /vxlan/d /etc/modules-load.d/drover.conf',
  },
  {
    step: hostSysctls,
    params: {
      values: { 'net.ipv4.ip_forward': '1', 'net.ipv4.conf.all.rp_filter': '2', 'kernel.panic': '10' },
      least: { 'fs.inotify.max_user_instances': '128', 'net.ipv4.neigh.default.gc_thresh3': '4096' },
    },
    prepare: `printf '# kept\\nnet/ipv4/ip_forward=0\\nnet.ipv4.tcp_syncookies = 1\\n' >/etc/sysctl.d/99-site.conf; sysctl -qw net.ipv4.ip_forward=0 net.ipv4.conf.all.rp_filter=0`,
    sabotage: 'sysctl -qw net.ipv4.ip_forward=0',
    cleanup: 'rm -f /etc/sysctl.d/99-site.conf',
  },
  {
    step: hostHostsFile,
    params: { hosts: { 'agent-4': '10.78.0.24', 'other-1': '10.78.0.99' } },
    prepare: `printf '127.0.0.1 localhost\\n127.0.1.1 server-1.lan server-1 # installer\\n10.9.9.9\\tagent-1\\n10.1.1.1 other # mine\\n' >/etc/hosts; chown 1:1 /etc/hosts`,
    sabotage: `sed -i 's/^10.78.0.99 /10.78.0.98 /' /etc/hosts`,
    cleanup: `printf '127.0.0.1 localhost\\n::1 localhost\\n10.78.0.11 server-1\\n' >/etc/hosts; chown 0:0 /etc/hosts`,
  },
  {
    step: hostHostname,
    params: { name: 'new-name' },
    prepare: 'echo 10.78.0.25 new-name >>/etc/hosts',
    sabotage: 'hostname other-name',
  },
  {
    step: hostResolvers,
    params: { servers: ['1.1.1.1', '8.8.8.8'], search: ['lan.example'], immutable: true },
    prepare: `mkdir -p /run/systemd/resolve; printf 'nameserver 127.0.0.53\\n' >/run/systemd/resolve/stub-resolv.conf; ln -sfn ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf`,
    sabotage: 'chattr -i /etc/resolv.conf',
    cleanup: `rm -rf /run/systemd/resolve; rm /etc/resolv.conf; printf 'nameserver 1.1.1.1\\nnameserver 8.8.8.8\\n' >/etc/resolv.conf`,
  },
  {
    step: hostPackages,
    params: { packages: ['jq', 'curl'] },
    sabotage: 'apt-get purge -qq -y jq >/dev/null 2>&1',
  },
  {
    step: hostTime,
    params: { sync: true, servers: ['10.0.0.123'], timezone: 'Europe/Paris' },
    prepare: `DEBIAN_FRONTEND=noninteractive sh -c 'apt-get update -qq && apt-get install -qq -y systemd-timesyncd' >/dev/null 2>&1; systemctl disable -q systemd-timesyncd`,
    sabotage: 'systemctl disable -q systemd-timesyncd',
    cleanup: 'apt-get purge -qq -y systemd-timesyncd >/dev/null 2>&1',
  },
  {
    step: haproxy,
    params: {
      balancer: 'lb',
      config:
        'defaults\n  mode tcp\n  timeout connect 2s\n  timeout client 5s\n  timeout server 5s\nlisten ssh\n  bind :2022\n  server own 127.0.0.1:22 check\n',
      listeners: ['0.0.0.0:2022'],
    },
    // Its account comes and goes with the package, and leaves the same traces from the second time on.
    prepare: `DEBIAN_FRONTEND=noninteractive sh -c 'apt-get update -qq && apt-get install -qq -y --no-install-recommends haproxy && apt-get autoremove -qq -y --purge haproxy' >/dev/null 2>&1`,
    sabotage: 'systemctl stop haproxy',
  },
  {
    step: cniIpsetSwap,
    params: { reads: 5 },
    prepare: NEWER_SETS,
    sabotage:
      'ipset create back hash:ip maxelem 1048576; ipset swap back cali40this-host; ipset destroy back',
  },
  {
    step: cniClean,
    params: { kept: [] },
    prepare: plantOldNetworks(1),
    sabotage: 'iptables -N cali-FORWARD',
  },
];

/** Every case has a host of its own, so that they run beside each other. */
export const hostOf = (index: number): HostTarget =>
  index === 0
    ? { name: 'server-1', address: '10.78.0.11' }
    : { name: `agent-${index}`, address: `10.78.0.${20 + index}` };
