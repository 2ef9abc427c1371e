import { defineCollector } from '../collector.js';
import { linesOf } from './blocks.js';

/** Keys that matter to clusters; `*` stands for every interface. Those that Drover has set are read besides. */
const KEYS = [
  'fs.file-max',
  'fs.inotify.max_queued_events',
  'fs.inotify.max_user_instances',
  'fs.inotify.max_user_watches',
  'fs.may_detach_mounts',
  'kernel.keys.root_maxbytes',
  'kernel.keys.root_maxkeys',
  'kernel.panic',
  'kernel.panic_on_oops',
  'kernel.pid_max',
  'kernel.threads-max',
  'kernel.unprivileged_bpf_disabled',
  'net.bridge.bridge-nf-call-arptables',
  'net.bridge.bridge-nf-call-ip6tables',
  'net.bridge.bridge-nf-call-iptables',
  'net.core.bpf_jit_enable',
  'net.core.somaxconn',
  'net.ipv4.conf.*.rp_filter',
  'net.ipv4.conf.all.accept_local',
  'net.ipv4.conf.all.arp_ignore',
  'net.ipv4.conf.all.route_localnet',
  'net.ipv4.conf.all.src_valid_mark',
  'net.ipv4.ip_forward',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.neigh.default.gc_thresh1',
  'net.ipv4.neigh.default.gc_thresh2',
  'net.ipv4.neigh.default.gc_thresh3',
  'net.ipv4.tcp_mtu_probing',
  'net.ipv6.conf.all.disable_ipv6',
  'net.ipv6.conf.all.forwarding',
  'net.netfilter.nf_conntrack_max',
  'user.max_user_namespaces',
  'vm.max_map_count',
  'vm.overcommit_memory',
  'vm.panic_on_oom',
  'vm.swappiness',
];

const path = (key: string): string => `/proc/sys/${key.replaceAll('.', '/')}`;

export const sysctls = defineCollector({
  id: 'sysctls',
  title: 'Kernel settings',
  volatile: false,
  needsRoot: false,
  // Not the shell's read: it takes single bytes, and these files give their second byte to nobody.
  script: `
own=
if [ -r /etc/sysctl.d/90-drover.conf ]; then own=$(sed -n -E 's|^([a-z][^#;=[:space:]]*)[[:space:]]*=.*|\\1|p' /etc/sysctl.d/90-drover.conf | tr './' '/.' | sed 's|^|/proc/sys/|'); fi
grep -sH '' ${KEYS.map(path).join(' ')} $own
true`,
  parse: ({ stdout }) => ({
    value: Object.fromEntries(
      linesOf(stdout).flatMap((line): [string, string][] => {
        const found = /^\/proc\/sys\/([^:]+):(.*)$/.exec(line);
        if (found === null) return [];
        const [, file = '', value = ''] = found;
        // A dot in a file's name (an interface such as eth0.100) is a slash in the key, as sysctl has it.
        const key = file.replace(/[./]/g, (sign) => (sign === '/' ? '.' : '/'));
        return [[key, value.trim().replace(/\s+/g, ' ')]];
      }),
    ),
  }),
});
