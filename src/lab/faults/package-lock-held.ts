import { defineFault } from './fault.js';

export const packageLockHeld = defineFault({
  id: 'package-lock-held',
  place: 'host',
  title: 'The package manager is locked',
  simulates: 'unattended-upgrades runs at boot, just when the installer comes along.',
  codes: ['packages-locked'],
  targets: 'agent',
  inject: () => `
systemctl is-active -q lab-package-lock || systemd-run --quiet --unit=lab-package-lock --collect python3 -c '
import fcntl, signal
locks = [open(path, "w") for path in ("/var/lib/dpkg/lock-frontend", "/var/lib/dpkg/lock", "/var/lib/apt/lists/lock")]
for lock in locks: fcntl.lockf(lock, fcntl.LOCK_EX)
open("/run/lab-package-lock", "w").close()
signal.pause()'
i=0
until [ -e /run/lab-package-lock ]; do i=$((i + 1)); [ "$i" -lt 200 ]; sleep 0.05; done
`,
  heal: () => `
systemctl stop lab-package-lock 2>/dev/null || true
rm -f /run/lab-package-lock
`,
  check: () => 'systemctl is-active -q lab-package-lock && [ -e /run/lab-package-lock ]',
});
