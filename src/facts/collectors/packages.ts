import { defineCollector } from '../collector.js';
import type { CollectorValue } from '../model/host-facts.js';
import { blockList, blocksOf, linesOf } from './blocks.js';

type Manager = CollectorValue<'packages'>['manager'];

/** Programs with the option that prints their version; without one, being there is all that is asked. */
const PROGRAMS: Readonly<Record<string, string>> = {
  conntrack: '--version',
  curl: '--version',
  ethtool: '--version',
  ip: '-V',
  ipset: '--version',
  iptables: '--version',
  nft: '--version',
  perl: '-e "print \\$^V"',
  python3: '--version',
  systemctl: '--version',
  iscsiadm: '',
  jq: '',
  'mount.nfs': '',
  rsync: '',
  socat: '',
  sudo: '',
  tar: '',
  tc: '',
  wget: '',
  wg: '',
  zstd: '',
};

const managerOf = (text: string): Manager => {
  const found = (['apt', 'dnf', 'yum', 'zypper', 'apk'] as const).find((name) =>
    linesOf(text).includes(name),
  );
  return found ?? 'unknown';
};

/** "curl 8.14.1 (x86_64…)" → 8.14.1; programs that were only looked for say `present`. */
const versionOf = (text: string): string => /v?(\d+(?:\.\d+)+\S*?)(?=[\s,)]|$)/.exec(text)?.[1] ?? text;

/** Every program is `present`; most of them say more in a block of their own. */
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
  return Object.fromEntries([...present, ...versions]);
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
for file in /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock /var/lib/rpm/.rpm.lock; do
  if [ -e "$file" ]; then
    inode=$(stat -c %i "$file" 2>/dev/null)
    sed -n "s/^[0-9]*: *[A-Z]* *ADVISORY *WRITE *\\([0-9]*\\) [0-9a-f:]*:$inode .*/\\1/p" /proc/locks 2>/dev/null
  fi
done | while read -r pid; do echo "$(cat "/proc/$pid/comm" 2>/dev/null) (pid $pid)"; done
for file in /run/dnf.pid /run/yum.pid /run/zypp.pid; do
  if read -r pid 2>/dev/null < "$file" && [ -d "/proc/$pid" ]; then echo "$(cat "/proc/$pid/comm") (pid $pid)"; fi
done
block broken
for file in /var/lib/dpkg/updates/[0-9]*; do if [ -e "$file" ]; then echo "$file"; fi; done
grep -E '^Status: .* (half-installed|half-configured|unpacked|triggers-awaited)$' /var/lib/dpkg/status 2>/dev/null
block unattended
if has unattended-upgrade; then grep -hE '^[^/#]*Unattended-Upgrade +"[^0]' /etc/apt/apt.conf.d/* 2>/dev/null; fi
for file in /etc/systemd/system/timers.target.wants/dnf-automatic*.timer; do if [ -h "$file" ]; then echo "$file"; fi; done
block installed
awk '/^Package: / { name = $2 } /^Status: / && $NF == "installed" { print name }' /var/lib/dpkg/status 2>/dev/null
block programs
for name in ${Object.keys(PROGRAMS).join(' ')}; do if has "$name"; then echo "$name present"; fi; done
limit 5 sh -c '
ask() { name=$1; shift; if command -v "$name" >/dev/null; then echo "@@ program $name"; "$name" "$@" 2>&1; echo; fi; }
${Object.entries(PROGRAMS)
  .filter(([, option]) => option !== '')
  .map(([name, option]) => `ask ${name} ${option}`)
  .join('\n')}'
if [ -e /usr/share/selinux/packages/k3s.pp ]; then echo 'k3s-selinux present'; fi
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
