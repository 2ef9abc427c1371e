import { defineFault } from './fault.js';
import { mountLoopDisk, onLoopDisk, unmountLoopDisk } from './loop-disk.js';

export const diskReadOnly = defineFault({
  id: 'disk-read-only',
  place: 'host',
  title: 'The file system of the cluster data is read-only',
  simulates: 'The kernel’s reaction to a failing disk.',
  codes: ['disk-read-only'],
  targets: 'agent',
  inject: () => `${mountLoopDisk('disk-read-only', '')}
mount -o remount,ro /var/lib/rancher
`,
  heal: () => unmountLoopDisk('disk-read-only'),
  check: () => `${onLoopDisk('disk-read-only')} && ! touch /var/lib/rancher/.try 2>/dev/null`,
});
