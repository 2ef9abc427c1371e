import { defineFault } from './fault.js';

export const diskNearlyFull = defineFault({
  id: 'disk-nearly-full',
  place: 'host',
  title: 'The disk of the cluster data is nearly full',
  simulates: 'Images and logs of years: the kubelet starts to evict pods, etcd stops.',
  codes: ['disk-full'],
  targets: 'agent',
  inject: () => `
if [ ! -e /dev/loop-control ]; then mknod /dev/loop-control c 10 237; fi
for number in $(seq 0 31); do [ -e "/dev/loop$number" ] || mknod "/dev/loop$number" b 7 "$number"; done
image=/var/lib/kubelet/.lab-disk-nearly-full.img
if ! mountpoint -q /var/lib/rancher; then
  rm -f "$image"
  truncate -s 48M "$image"
  mkfs.ext4 -q -F -m 0 "$image"
  mount -o loop "$image" /var/lib/rancher
fi
free=$(df --output=avail -k /var/lib/rancher | tail -n 1)
if [ "$free" -gt 1024 ]; then fallocate -l $((free - 512))K /var/lib/rancher/ballast; fi
`,
  heal: () => `
umount /var/lib/rancher 2>/dev/null || true
rm -f /var/lib/kubelet/.lab-disk-nearly-full.img
`,
  check: () => '[ "$(df --output=pcent /var/lib/rancher | tail -n 1 | tr -dc 0-9)" -ge 95 ]',
});
