import { defineCollector } from '../collector.js';
import { assignments, blocksOf, linesOf, numberOr } from './blocks.js';

/** Kernel releases in the order in which a person counts: 6.1.0-9 before 6.1.0-21. */
const byRelease = new Intl.Collator('en', { numeric: true }).compare;

const pending = (marker: string, running: string, installed: readonly string[]): string | undefined => {
  if (marker !== '') return linesOf(marker).join(', ');
  const newest = installed.toSorted(byRelease).at(-1);
  // A running kernel that is not among the installed ones (containers, own kernels) says nothing.
  if (newest === undefined || newest === running || !installed.includes(running)) return undefined;
  return `kernel ${running} runs, ${newest} is installed`;
};

/** What `systemd-detect-virt` prints for machines that share their kernel. */
const CONTAINERS =
  /^(systemd-nspawn|lxc|lxc-libvirt|docker|podman|openvz|rkt|wsl|proot|pouch|container-other)$/;

export const os = defineCollector({
  id: 'os',
  title: 'Operating system, kernel and boot',
  volatile: false,
  needsRoot: false,
  script: `
block release; if [ -r /etc/os-release ]; then say /etc/os-release; else say /usr/lib/os-release; fi
block kernel; echo "$RELEASE"
block arch; echo "$MACHINE"
block virt
if read -r virt 2>/dev/null < /run/systemd/container; then echo "$virt"; else systemd-detect-virt 2>/dev/null; fi
block init; if read -r init < /proc/1/comm; then echo "$init"; fi
block boot; say /proc/sys/kernel/random/boot_id /proc/uptime
block reboot
for file in /run/reboot-required /var/run/reboot-required; do
  if [ -e "$file" ]; then say "$file" "$file.pkgs"; break; fi
done
block installed
for file in /boot/vmlinuz-*; do if [ -e "$file" ]; then echo "\${file#/boot/vmlinuz-}"; fi; done
true`,
  parse: ({ stdout }) => {
    const block = blocksOf(stdout);
    const release = assignments(block('release'));
    const kernel = block('kernel');
    const [bootId = '', uptime = ''] = linesOf(block('boot'));
    const virtualization = linesOf(block('virt'))[0] ?? 'unknown';
    const rebootPending = pending(block('reboot'), kernel, linesOf(block('installed')));
    if (kernel === '') return { error: 'uname printed nothing' };
    return {
      value: {
        id: release.get('ID') ?? 'unknown',
        idLike: (release.get('ID_LIKE') ?? '').split(' ').filter((id) => id !== ''),
        versionId: release.get('VERSION_ID') ?? '',
        prettyName: release.get('PRETTY_NAME') ?? 'unknown',
        kernel,
        arch: block('arch'),
        virtualization,
        sharedKernel: CONTAINERS.test(virtualization),
        init: block('init'),
        bootId,
        uptimeSeconds: numberOr(uptime.split(' ')[0], 0),
        ...(rebootPending === undefined ? {} : { rebootPending }),
      },
    };
  },
});
