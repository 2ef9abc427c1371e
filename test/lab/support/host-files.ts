/** Packages leave their system users behind when they are purged, as Debian wants it: this makes one beforehand. */
export const ACCOUNT =
  'getent passwd systemd-timesync >/dev/null || useradd --system --no-create-home --shell /usr/sbin/nologin systemd-timesync';

/** Everything that a build may change on a host, file by file: no times, no logs, no counters, none of Drover's own notes. */
export const SNAPSHOT = `cd /
prune='-path var/lib/drover -o -path var/lib/apt -o -path var/lib/dpkg -o -path var/lib/systemd -o -path var/log/journal -o -path var/log/apt'
find etc usr/local var/lib opt root srv var/log -xdev \\( $prune \\) -prune -o ! -path etc/ld.so.cache ! -path etc/.pwd.lock ! -path 'var/log/*.log' -printf '%p %y %m %U %G %l\\n' | sort
find etc usr/local -xdev -type f ! -path etc/ld.so.cache -exec sha256sum {} + | sort -k2
ls run | sort; ls var/log | grep -v '\\.log' | sort; hostname
dpkg-query -W -f '\${db:Status-Abbrev} \${Package}\\n'
systemctl list-unit-files --no-legend --no-pager | awk '!/drover-/ { print $1, $2 }'
systemctl list-units --no-legend --no-pager --plain --state=active --type=service,timer | awk '!/drover-|session|user@|user-runtime|systemd-hostnamed|systemd-timedated|systemd-tmpfiles|apt-daily|dpkg-db|logrotate/ { print $1 }' | sort
sysctl -a 2>/dev/null | grep -E '^(net\\.ipv[46]\\.(conf\\.(all|default)|icmp|ip_forward)|net\\.netfilter\\.nf_conntrack_(max|tcp)|net\\.bridge|vm\\.(over|panic)|kernel\\.(panic|hostname|keys))'
for tool in iptables-legacy ip6tables-legacy; do command -v $tool-save >/dev/null && $tool-save | grep -v '^#' | sed 's/ \\[.*//'; done
nft -s list ruleset; ip -o link | awk -F': ' '{ print $2 }' | sort; awk '{ print $2 }' /proc/self/mounts | sort
pgrep -a containerd || true`;
