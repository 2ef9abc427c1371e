/**
 * Everything of a host that steps of host preparation may change and that must come back: no times, no counters,
 * nothing that lab hosts share with the machine (fs.inotify: raised whenever another lab comes up).
 */
export const PREPARATION_SNAPSHOT = `
cd /
find etc -xdev ! -path etc/ld.so.cache ! -path 'etc/.pwd.lock' -printf '%p %y %m %U %G %l\\n' | sort
find etc -xdev -type f ! -path etc/ld.so.cache -exec sha256sum {} + | sort -k2
lsattr -d etc/resolv.conf etc/hosts etc/fstab 2>/dev/null | sed 's/e//'
hostname; dpkg-query -W -f '\${db:Status-Abbrev} \${Package}\\n'
systemctl list-unit-files --no-legend --no-pager | awk '!/drover-/ { print $1, $2 }'
systemctl list-units --all --no-legend --no-pager --plain --type=service,timer | awk '!/drover-|session|user@|user-runtime|systemd-hostnamed|systemd-timedated|systemd-tmpfiles|apt-daily|dpkg-db/ { print $1, $2, $3 }' | sort
sysctl -a 2>/dev/null | grep -v nf_conntrack_count | grep -E '^(net\\.ipv[46]\\.(conf|icmp|ip_forward)|net\\.netfilter|net\\.bridge|vm\\.(over|panic)|kernel\\.(panic|hostname))'
for tool in iptables ip6tables; do $tool-save 2>/dev/null | grep -v '^#' | sed 's/ \\[.*//'; done
nft list tables
ipset -terse list | awk '/^Name:/ { name = $2 } /^(Type|Revision|References):/ { print name, $0 }' | sort; ipset save | grep ^add | sort
tail -n +2 /proc/swaps | cut -d' ' -f1; readlink /etc/localtime
`;

/** What an installation of K3s put on a host; does not move by itself while K3s runs. */
export const INSTALLED_SNAPSHOT = `
find /etc /usr/local -xdev ! -path '/etc/.*' ! -path /etc/ld.so.cache -printf '%p %y %m %U %G %s %l\\n' | sort
systemctl list-unit-files --no-legend --no-pager | awk '!/drover-/ { print $1, $2 }'
systemctl is-active k3s k3s-agent || true
`;

/** What K3s and its installation may change on a host: files, units, network, packet filter, mounts, processes. */
export const K3S_SNAPSHOT = `
cd /
find etc usr/local -xdev ! -path etc/ld.so.cache ! -path etc/.pwd.lock -printf '%p %y %m %U %G %l\\n' | sort
find etc usr/local -xdev -type f ! -path etc/ld.so.cache -exec sha256sum {} + | sort -k2
find var/lib/rancher var/lib/kubelet var/lib/cni run/k3s run/flannel opt -printf '%p %y %m %U %G %s\\n' 2>/dev/null | sort
ls run var/log | grep -v '\\.log' | sort
systemctl list-unit-files --no-legend --no-pager | awk '!/drover-/ { print $1, $2 }'
systemctl is-active k3s k3s-agent
sysctl -a 2>/dev/null | grep -E '^net\\.(ipv[46]\\.(conf\\.(all|default)\\.|ip_forward)|bridge)'
nft -s list ruleset; ip -o link | awk -F': ' '{ print $2 }' | sort; awk '{ print $2 }' /proc/self/mounts | sort
pgrep -a containerd || true
`;
