import { defineFault } from './fault.js';
import { mountLoopDisk, ON_LOOP_DISK, unmountLoopDisk } from './loop-disk.js';

export const inodesFull = defineFault({
  id: 'inodes-full',
  place: 'host',
  title: 'The disk has no inodes left',
  simulates: 'Millions of small files: `df -h` shows space, nothing can be created.',
  codes: ['disk-inodes'],
  targets: 'agent',
  inject: () => `${mountLoopDisk('inodes-full', '-N 512')}
mkdir -p /var/lib/rancher/small
i=0
while [ "$i" -lt 600 ]; do
  touch "/var/lib/rancher/small/$i" 2>/dev/null || break
  i=$((i + 1))
done
`,
  heal: () => unmountLoopDisk('inodes-full'),
  check: () =>
    `${ON_LOOP_DISK} && [ "$(df --output=iavail /var/lib/rancher | tail -n 1 | tr -dc 0-9)" -lt 10 ]`,
});
