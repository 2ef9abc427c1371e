import { defineFault } from './fault.js';
import { mountLoopDisk, onLoopDisk, unmountLoopDisk } from './loop-disk.js';

export const inodesFull = defineFault({
  id: 'inodes-full',
  place: 'host',
  title: 'The disk has no inodes left',
  simulates: 'Millions of small files: `df -h` shows space, nothing can be created.',
  codes: ['disk-inodes'],
  targets: 'agent',
  inject: () => `${mountLoopDisk('inodes-full', '-N 16')}
python3 - <<'FILL'
import os
os.makedirs("/var/lib/rancher/small", exist_ok=True)
try:
    for number in range(100_000):
        open(f"/var/lib/rancher/small/{number}", "w").close()
except OSError:
    pass
FILL
`,
  heal: () => unmountLoopDisk('inodes-full'),
  check: () =>
    `${onLoopDisk('inodes-full')} && [ "$(df --output=iavail /var/lib/rancher | tail -n 1 | tr -dc 0-9)" -lt 10 ]`,
});
