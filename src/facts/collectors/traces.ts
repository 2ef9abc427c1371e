import { defineCollector } from '../collector.js';
import type { Trace } from '../model/kubernetes.js';
import { blockList, blocksOf, linesOf } from './blocks.js';
import { chainOwner, FILE_SIGNS, IPSET_SIGNS, LINK_SIGNS, NFT_SIGNS, ownerOf } from './trace-owners.js';

/** Everything that network.md names as a file or folder; what exists is listed. */
const FILES = [
  '/run/flannel/subnet.env',
  '/var/lib/cni/networks/cbr0',
  '/var/lib/cni/results',
  '/var/lib/rancher/k3s/agent/etc/cni/net.d/10-flannel.conflist',
  '/var/lib/rancher/k3s/agent/etc/flannel/net-conf.json',
  '/etc/cni/net.d/10-flannel.conflist',
  '/etc/cni/net.d/00-flannel.conflist',
  '/var/lib/drover/cni/flannel',
  '/etc/cni/net.d/10-calico.conflist',
  '/etc/cni/net.d/05-calico.conflist',
  '/etc/cni/net.d/calico-kubeconfig',
  '/etc/cni/net.d/calico-tls',
  '/opt/cni/bin/calico',
  '/opt/cni/bin/calico-ipam',
  '/opt/cni/bin/flannel',
  '/opt/cni/bin/cilium-cni',
  '/var/lib/rancher/k3s/data/current/bin/calico*',
  '/var/lib/rancher/k3s/data/current/bin/cilium-cni',
  '/var/lib/rancher/k3s/data/cni/calico*',
  '/var/lib/rancher/k3s/data/cni/cilium-cni',
  '/var/lib/drover/cni/calico',
  '/var/lib/calico',
  '/var/run/calico',
  '/var/log/calico',
  '/etc/calico',
  '/etc/NetworkManager/conf.d/calico.conf',
  '/sys/fs/bpf/calico',
  '/run/calico/cgroup',
  '/etc/cni/net.d/00-cilium*',
  '/etc/cni/net.d/05-cilium*',
  '/etc/cni/net.d/10-cilium*',
  '/etc/cni/net.d/*.cilium_bak',
  '/var/lib/rancher/k3s/agent/etc/cni/net.d/*.cilium_bak',
  '/var/lib/rancher/k3s/agent/etc/cni/net.d/*calico*',
  '/var/lib/rancher/k3s/agent/etc/cni/net.d/*cilium*',
  '/run/cilium/cgroupv2',
  '/var/run/cilium',
  '/var/lib/cilium',
  '/etc/sysctl.d/99-zzz-override_cilium.conf',
  '/etc/cni/net.d/10-weave.conflist',
  '/var/lib/weave',
  '/etc/cni/net.d/10-kuberouter.conflist',
  '/etc/kubernetes/nodelocaldns*',
  '/var/lib/labnet',
  '/var/lib/cni/networks/labnet',
  '/etc/cni/net.d/*labnet*',
  '/opt/cni/bin/labnet-*',
  '/var/lib/rancher/k3s/agent/etc/cni/net.d/*labnet*',
  '/var/lib/rancher/k3s/data/cni/labnet-*',
  '/var/lib/rancher/k3s/data/current/bin/labnet-*',
];

/** Devices whose routes belong to a cluster network, as ip prints the routes. */
const ROUTE_SIGNS: readonly (readonly [RegExp, Trace['owner']])[] = [
  [/ dev (flannel|cni0)/, 'flannel'],
  [/ dev (cali|tunl0|vxlan\.calico|vxlan-v6\.calico|wireguard\.cali)/, 'calico'],
  [/ dev (cilium_|lxc)/, 'cilium'],
  [/ dev kube-bridge/, 'kube-router'],
  [/ dev weave/, 'weave'],
  // The lab network marks its routes, because the one that guards its own block has no device.
  [/ dev labnet|\bproto 73\b/, 'lab'],
  [/ table 200[45]\b/, 'cilium'],
  // BIRD's routes and Felix' own (protocol 80): Calico's block routes are black holes of these.
  [/ proto (bird|80)\b/, 'calico'],
];

/** Routes that the kernel adds by itself come and go with their device. */
const routesOf = (text: string): readonly string[] =>
  linesOf(text).filter(
    (line) =>
      / table 200[45]\b/.test(line) || !/ proto kernel|^(local|broadcast|multicast|anycast) /.test(line),
  );

const RULE_SIGNS: readonly (readonly [RegExp, Trace['owner']])[] = [
  [/lookup 200[45]\b|fwmark 0x[2a]00\/0xf00/, 'cilium'],
  [/^100:.*lookup local/, 'cilium'],
  [/wireguard\.cali|fwmark 0x100000\/0x100000/, 'calico'],
  [/lookup (77|78)\b/, 'kube-router'],
];

type Kind = Trace['kind'];

const byOwner = (
  kind: Kind,
  names: readonly string[],
  owner: (name: string) => Trace['owner'] | undefined,
): Trace[] =>
  names.flatMap((name) => {
    const found = owner(name);
    return found === undefined ? [] : [{ owner: found, kind, name }];
  });

const signed = (signs: readonly (readonly [RegExp, Trace['owner']])[]) => (text: string) =>
  signs.find(([sign]) => sign.test(text))?.[1];

interface Rules {
  readonly backend: string;
  readonly text: string;
}

/** Chains of iptables-save output, and rules of other chains that carry a network's comment. */
const iptablesTraces = ({ backend, text }: Rules): Trace[] => {
  const traces: Trace[] = [];
  let table = '';
  for (const line of linesOf(text)) {
    if (line.startsWith('*')) table = line.slice(1);
    const chain = /^:(\S+) /.exec(line)?.[1];
    const owner = chain === undefined ? undefined : chainOwner(chain);
    if (chain !== undefined && owner !== undefined)
      traces.push({ owner, kind: 'chain', name: chain, detail: `${backend} ${table}` });
    const rule = /^-A (\S+) (.*)$/.exec(line);
    if (rule === null || chainOwner(rule[1] ?? '') !== undefined) continue;
    const comment = /--comment "?(cali:|flanneld|cilium)/.exec(rule[2] ?? '')?.[1];
    if (comment === undefined) continue;
    const by = comment === 'cali:' ? 'calico' : comment === 'cilium' ? 'cilium' : 'flannel';
    traces.push({ owner: by, kind: 'rule', name: line, detail: `${backend} ${table}` });
  }
  return traces;
};

const bpfOwner = (name: string): Trace['owner'] | undefined => {
  if (/cil|^lxc/.test(name)) return 'cilium';
  return /cali/.test(name) ? 'calico' : undefined;
};

export const traces = defineCollector({
  id: 'traces',
  title: 'What cluster networks left or run on the host',
  volatile: false,
  needsRoot: true,
  script: `
if [ -d "$K3S_BIN/aux" ]; then PATH=$PATH:$K3S_BIN/aux; fi
shown=$(ip -o -d link show 2>/dev/null)
block links
printf '%s\\n' "$shown" | while read -r number name rest; do if [ -n "$name" ]; then echo "\${name%%[:@]*}"; fi; done
block routes; { ip -4 route show table all; ip -6 route show table all; } 2>/dev/null | grep -E ' dev (flannel|cni0|cali|tunl0|vxlan[.-]|wireguard|cilium_|lxc|kube-|weave|labnet)| proto (bird|80|73)( |$)| table 200[45]( |$)'
block rules; { ip -4 rule show; ip -6 rule show; } 2>/dev/null
keep='^[*]|^:(FLANNEL|cali-|felix-|OLD_CILIUM_|CILIUM_|KUBE-|CNI-|WEAVE)|--comment "?(cali:|flanneld|cilium)'
tables=
if has nft; then tables=$(limit 3 nft list tables 2>/dev/null); fi
if has iptables-nft-save && { ! has nft || [ -n "$tables" ]; }; then
  block chains nft; { limit 5 iptables-nft-save; limit 5 ip6tables-nft-save; } 2>/dev/null | grep -E "$keep"
fi
if lines_in /proc/net/ip_tables_names; then block chains legacy; limit 5 iptables-legacy-save 2>/dev/null | grep -E "$keep"; fi
if lines_in /proc/net/ip6_tables_names; then block chains legacy; limit 5 ip6tables-legacy-save 2>/dev/null | grep -E "$keep"; fi
block nft; printf '%s\\n' "$tables"
block ipsets; if has ipset; then limit 3 ipset -name list 2>/dev/null; fi
block ipvs; if [ -e /proc/net/ip_vs ]; then grep -E '^(TCP|UDP|SCTP|FWM)' /proc/net/ip_vs; fi
block files
for file in ${FILES.join(' ')}; do if [ -e "$file" ] || [ -h "$file" ]; then echo "$file"; fi; done
block bpf
for file in /sys/fs/bpf/tc/globals/* /sys/fs/bpf/cilium/* /sys/fs/bpf/calico/*; do if [ -e "$file" ]; then echo "$file"; fi; done
printf '%s\\n' "$shown" | while read -r number name rest; do
  case $rest in *' xdp '*|*' xdpgeneric '*|*' xdpoffload '*|*' prog/xdp '*) echo "xdp on \${name%%[:@]*}" ;; esac
done
block tc
if has tc; then
  tc qdisc show 2>/dev/null | sed -n 's/^qdisc \\(clsact\\|ingress\\) .* dev \\([^ ]*\\).*/\\2/p' | while read -r dev; do
    { tc filter show dev "$dev" ingress; tc filter show dev "$dev" egress; } 2>/dev/null |
      grep -oE '(cil|cali)[A-Za-z0-9_.-]*' | sort -u | sed "s/^/$dev /"
  done
fi
true`,
  parse: ({ stdout }) => {
    const block = blocksOf(stdout);
    const chains = blockList(stdout).filter(({ name }) => name.startsWith('chains '));
    const ipvs = linesOf(block('ipvs'));
    return {
      value: [
        ...byOwner('link', linesOf(block('links')), (name) => ownerOf(name, LINK_SIGNS)),
        ...byOwner('route', routesOf(block('routes')), signed(ROUTE_SIGNS)),
        ...byOwner('rule', linesOf(block('rules')), signed(RULE_SIGNS)),
        ...chains.flatMap(({ name, text }) =>
          iptablesTraces({ backend: name.slice('chains '.length), text }),
        ),
        ...byOwner(
          'nft-table',
          linesOf(block('nft')).map((line) => line.replace(/^table /, '')),
          (name) => ownerOf(name, NFT_SIGNS),
        ),
        ...byOwner('ipset', linesOf(block('ipsets')), (name) => ownerOf(name, IPSET_SIGNS)),
        ...(ipvs.length === 0
          ? []
          : [{ owner: 'kube-proxy', kind: 'ipvs', name: 'services', detail: `${ipvs.length}` } as const]),
        ...byOwner('file', linesOf(block('files')), (name) => ownerOf(name, FILE_SIGNS)),
        ...byOwner('bpf', linesOf(block('bpf')), bpfOwner),
        ...byOwner('tc', linesOf(block('tc')), bpfOwner),
      ],
    };
  },
});
