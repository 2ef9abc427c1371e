import { defineCollector } from '../collector.js';
import type { CollectorValue } from '../model/host-facts.js';
import { blocksOf, linesOf } from './blocks.js';

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
ls /var/lib/dpkg/updates 2>/dev/null | grep -E '^[0-9]+$'
grep -E '^Status: .* (half-installed|half-configured|unpacked|triggers-awaited)$' /var/lib/dpkg/status 2>/dev/null
block unattended
if has unattended-upgrade; then grep -hE '^[^/#]*Unattended-Upgrade +"[^0]' /etc/apt/apt.conf.d/* 2>/dev/null; fi
ls /etc/systemd/system/timers.target.wants/dnf-automatic*.timer 2>/dev/null
block installed
dpkg-query -W -f '\${db:Status-Status} \${Package}\\n' 2>/dev/null | sed -n 's/^installed //p' | sort -u
block programs
${Object.entries(PROGRAMS)
  .map(([name, option]) =>
    option === ''
      ? `has ${name} && echo "${name} present"`
      : `has ${name} && echo "${name} $(limit 2 ${name} ${option} 2>&1 | head -n 1)"`,
  )
  .join('\n')}
if [ -e /usr/share/selinux/packages/k3s.pp ]; then echo 'k3s-selinux present'; fi
true`,
  parse: ({ stdout }) => {
    const block = blocksOf(stdout);
    const installed = linesOf(block('installed'));
    const lockedBy = linesOf(block('locks'))[0];
    return {
      value: {
        manager: managerOf(block('managers')),
        ...(lockedBy === undefined ? {} : { lockedBy }),
        broken: block('broken') !== '',
        programs: Object.fromEntries(
          linesOf(block('programs')).map((line): [string, string] => {
            const [name = '', ...rest] = line.split(' ');
            return [name, versionOf(rest.join(' '))];
          }),
        ),
        ...(installed.length === 0 ? {} : { installed: [...installed] }),
        unattendedUpgrades: block('unattended') !== '',
      },
    };
  },
});
