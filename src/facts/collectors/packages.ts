import { defineCollector } from '../collector.js';
import type { CollectorValue } from '../model/host-facts.js';
import { blockList, blocksOf, linesOf } from './blocks.js';
import { upstreamVersion } from './debian-version.js';

type Manager = CollectorValue<'packages'>['manager'];

/** Programs whose version is told: the option that prints it, and the package of Debian that they come with. */
const VERSIONED: Readonly<Record<string, { readonly option: string; readonly debian: string }>> = {
  conntrack: { option: '--version', debian: 'conntrack' },
  curl: { option: '--version', debian: 'curl' },
  ethtool: { option: '--version', debian: 'ethtool' },
  ip: { option: '-V', debian: 'iproute2' },
  ipset: { option: '--version', debian: 'ipset' },
  iptables: { option: '--version', debian: 'iptables' },
  nft: { option: '--version', debian: 'nftables' },
  perl: { option: '-e "print \\$^V"', debian: 'perl-base' },
  python3: { option: '--version', debian: 'python3-minimal' },
  systemctl: { option: '--version', debian: 'systemd' },
};

/** Being there is all that is asked of these. */
const OTHERS = ['iscsiadm', 'jq', 'mount.nfs', 'rsync', 'socat', 'sudo', 'tar', 'tc', 'wget', 'wg', 'zstd'];

const NAMES = Object.keys(VERSIONED).join(' ');
const PACKAGES = Object.values(VERSIONED).map(({ debian }) => debian);

const managerOf = (text: string): Manager => {
  const found = (['apt', 'dnf', 'yum', 'zypper', 'apk'] as const).find((name) =>
    linesOf(text).includes(name),
  );
  return found ?? 'unknown';
};

/** "curl 8.14.1 (x86_64…)" → 8.14.1; programs that were only looked for say `present`. */
const versionOf = (text: string): string => /v?(\d+(?:\.\d+)+\S*?)(?=[\s,)]|$)/.exec(text)?.[1] ?? text;

const packaged = (text: string): [string, string][] => {
  const versions = new Map(linesOf(text).map((line) => line.split(' ') as [string, string]));
  return Object.entries(VERSIONED).flatMap(([name, { debian }]): [string, string][] => {
    const version = versions.get(debian);
    return version === undefined ? [] : [[name, upstreamVersion(version)]];
  });
};

/** Every program is `present`; most of them say more: their package, or they themselves when they were asked. */
const programsOf = (stdout: string): CollectorValue<'packages'>['programs'] => {
  const blocks = blockList(stdout);
  const present = linesOf(blocks.find(({ name }) => name === 'programs')?.text ?? '').map(
    (line): [string, string] => {
      const [name = '', ...rest] = line.split(' ');
      return [name, versionOf(rest.join(' '))];
    },
  );
  const versions = blocks.flatMap(({ name, text }): [string, string][] => {
    const program = /^program (.+)$/.exec(name)?.[1];
    const [line] = linesOf(text);
    return program === undefined || line === undefined ? [] : [[program, versionOf(line)]];
  });
  const there = new Set(present.map(([name]) => name));
  const known = packaged(blocks.find(({ name }) => name === 'versions')?.text ?? '');
  return Object.fromEntries([...present, ...known.filter(([name]) => there.has(name)), ...versions]);
};

export const packages = defineCollector({
  id: 'packages',
  title: 'Package manager and programs',
  volatile: false,
  needsRoot: false,
  script: `
block managers
for name in apt dnf yum zypper apk; do if has "$name"; then echo "$name"; fi; done
block locks
inodes=$(stat -c %i /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock /var/lib/rpm/.rpm.lock 2>/dev/null)
if [ -n "$inodes" ] && lines_in /proc/locks; then
  awk -v inodes="$(echo $inodes)" 'BEGIN { count = split(inodes, list, " ") }
    $3 == "ADVISORY" && $4 == "WRITE" { for (i = 1; i <= count; i++) if ($6 ~ (":" list[i] "$")) print $5 }' /proc/locks
fi | while read -r pid; do echo "$(cat "/proc/$pid/comm" 2>/dev/null) (pid $pid)"; done
for file in /run/dnf.pid /run/yum.pid /run/zypp.pid; do
  if read -r pid 2>/dev/null < "$file" && [ -d "/proc/$pid" ]; then echo "$(cat "/proc/$pid/comm") (pid $pid)"; fi
done
block broken
for file in /var/lib/dpkg/updates/[0-9]*; do if [ -e "$file" ]; then echo "$file"; fi; done
if [ -r /var/lib/dpkg/status ]; then awk '
  /^Package: / { name = $2 }
  /^Status: / { there = $NF == "installed" }
  /^Status: .* (half-installed|half-configured|unpacked|triggers-awaited)$/ { print }
  there && /^Status: / { list[++count] = name }
  there && /^Version: / && name ~ /^(${PACKAGES.join('|')})$/ { versions = versions name " " $2 "\\n" }
  END {
    print "@@ installed"; for (i = 1; i <= count; i++) print list[i]
    printf "@@ versions\\n%s", versions
  }' /var/lib/dpkg/status; fi
block unattended
if has unattended-upgrade; then grep -hE '^[^/#]*Unattended-Upgrade +"[^0]' /etc/apt/apt.conf.d/* 2>/dev/null; fi
for file in /etc/systemd/system/timers.target.wants/dnf-automatic*.timer; do if [ -h "$file" ]; then echo "$file"; fi; done
block programs
if [ -e /usr/share/selinux/packages/k3s.pp ]; then echo 'k3s-selinux present'; fi
for name in ${OTHERS.join(' ')}; do if has "$name"; then echo "$name present"; fi; done
# A program of a package has the package's version: only the others are started to say theirs.
asked=
for name in ${NAMES}; do
  path=$(command -v "$name") || continue
  echo "$name present"
  case $path in
    /usr/bin/*|/usr/sbin/*|/bin/*|/sbin/*) if [ ! -r /var/lib/dpkg/status ]; then asked="$asked $name "; fi ;;
    *) asked="$asked $name " ;;
  esac
done
if [ -n "$asked" ]; then limit 5 sh -c '
ask() { case $asked in *" $1 "*) ;; *) return ;; esac; name=$1; shift; echo "@@ program $name"; "$name" "$@" 2>&1; echo; }
asked=$1
${Object.entries(VERSIONED)
  .map(([name, { option }]) => `ask ${name} ${option}`)
  .join('\n')}' sh "$asked"; fi
true`,
  parse: ({ stdout }) => {
    const block = blocksOf(stdout);
    const installed = [...new Set(linesOf(block('installed')))].sort();
    const lockedBy = linesOf(block('locks'))[0];
    return {
      value: {
        manager: managerOf(block('managers')),
        ...(lockedBy === undefined ? {} : { lockedBy }),
        broken: block('broken') !== '',
        programs: programsOf(stdout),
        ...(installed.length === 0 ? {} : { installed }),
        unattendedUpgrades: block('unattended') !== '',
      },
    };
  },
});
