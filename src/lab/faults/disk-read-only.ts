import { defineFault } from './fault.js';

export const diskReadOnly = defineFault({
  id: 'disk-read-only',
  place: 'host',
  title: 'The file system of the cluster data is read-only',
  simulates: 'The kernel’s reaction to a failing disk.',
  codes: ['disk-read-only'],
  targets: 'agent',
  inject: () => `
if [ ! -e /dev/loop-control ]; then mknod /dev/loop-control c 10 237; fi
for number in $(seq 0 31); do [ -e "/dev/loop$number" ] || mknod "/dev/loop$number" b 7 "$number"; done
image=/var/lib/kubelet/.lab-disk-read-only.img
if ! mountpoint -q /var/lib/rancher; then
  rm -f "$image"
  truncate -s 48M "$image"
  mkfs.ext4 -q -F "$image"
  mount -o loop "$image" /var/lib/rancher
fi
mount -o remount,ro /var/lib/rancher
`,
  heal: () => `
umount /var/lib/rancher 2>/dev/null || true
rm -f /var/lib/kubelet/.lab-disk-read-only.img
`,
  check: () => '! touch /var/lib/rancher/.try 2>/dev/null',
});
