import { defineFault } from './fault.js';
import { mountLoopDisk, onLoopDisk, unmountLoopDisk } from './loop-disk.js';

export const diskNearlyFull = defineFault({
  id: 'disk-nearly-full',
  place: 'host',
  title: 'The disk of the cluster data is nearly full',
  simulates: 'Images and logs of years: the kubelet starts to evict pods, etcd stops.',
  codes: ['disk-full'],
  targets: 'agent',
  inject: () => `${mountLoopDisk('disk-nearly-full', '-m 0')}
free=$(df --output=avail -k /var/lib/rancher | tail -n 1)
if [ "$free" -gt 1024 ]; then fallocate -l $((free - 512))K /var/lib/rancher/ballast; fi
`,
  heal: () => unmountLoopDisk('disk-nearly-full'),
  check: () =>
    `${onLoopDisk('disk-nearly-full')} && [ "$(df --output=pcent /var/lib/rancher | tail -n 1 | tr -dc 0-9)" -ge 95 ]`,
});
