import { defineFault } from './fault.js';

export const inodesFull = defineFault({
  id: 'inodes-full',
  place: 'host',
  title: 'The disk has no inodes left',
  simulates: 'Millions of small files: `df -h` shows space, nothing can be created.',
  codes: ['disk-inodes'],
  targets: 'agent',
  inject: () => `
if [ ! -e /dev/loop-control ]; then mknod /dev/loop-control c 10 237; fi
for number in $(seq 0 31); do [ -e "/dev/loop$number" ] || mknod "/dev/loop$number" b 7 "$number"; done
image=/var/lib/kubelet/.lab-inodes-full.img
if ! mountpoint -q /var/lib/rancher; then
  rm -f "$image"
  truncate -s 48M "$image"
  mkfs.ext4 -q -F -N 512 "$image"
  mount -o loop "$image" /var/lib/rancher
fi
mkdir -p /var/lib/rancher/small
i=0
while [ "$i" -lt 600 ] && : >"/var/lib/rancher/small/$i"; do i=$((i + 1)); done 2>/dev/null || true
`,
  heal: () => `
umount /var/lib/rancher 2>/dev/null || true
rm -f /var/lib/kubelet/.lab-inodes-full.img
`,
  check: () => '[ "$(df --output=iavail /var/lib/rancher | tail -n 1 | tr -dc 0-9)" -lt 10 ]',
});
