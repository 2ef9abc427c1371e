import { defineCollector } from '../collector.js';
import { blocksOf, linesOf } from './blocks.js';

/** Paths that a cluster fills; those that exist are measured. */
const PATHS = [
  '/',
  '/boot',
  '/tmp',
  '/opt',
  '/var',
  '/var/log',
  '/var/lib',
  '/var/lib/rancher',
  '/var/lib/kubelet',
  '/var/lib/etcd',
  '/var/lib/containerd',
  '/var/lib/docker',
  '/etc/kubernetes',
];

interface Row {
  readonly device: string;
  readonly total: number;
  readonly available: number;
  readonly mount: string;
}

/** A line of `df -P`: device, size, used, available, per cent, mount point; names may hold blanks. */
const rowOf = (line: string): Row | undefined => {
  const found = /^(.+?)\s+(\d+|-)\s+(\d+|-)\s+(-?\d+|-)\s+(\d+%|-)\s+(\/.*)$/.exec(line);
  if (found === null) return undefined;
  const size = (text: string | undefined): number => Number(text === '-' ? 0 : text);
  return {
    device: found[1] ?? '',
    total: size(found[2]),
    available: size(found[4]),
    mount: found[6] ?? '',
  };
};
const rowsOf = (text: string): (Row | undefined)[] => linesOf(text).slice(1).map(rowOf);

export const disks = defineCollector({
  id: 'disks',
  title: 'File systems',
  volatile: true,
  needsRoot: false,
  script: `
set --
for path in ${PATHS.join(' ')}; do if [ -d "$path" ]; then set -- "$@" "$path"; fi; done
block paths; printf '%s\\n' "$@"
block blocks; limit 3 df -Pk "$@"
block inodes; limit 3 df -Pi "$@" 2>/dev/null
block mounts; cat /proc/mounts
true`,
  parse: ({ stdout }) => {
    const block = blocksOf(stdout);
    const inodes = rowsOf(block('inodes'));
    const mounts = linesOf(block('mounts')).map((line) => line.split(' '));
    const paths = linesOf(block('paths'));
    const rows = rowsOf(block('blocks'));
    if (rows.length !== paths.length) return { error: 'df did not answer for every path (a dead mount?)' };
    const value = paths.flatMap((path, index) => {
      const row = rows[index];
      if (row === undefined) return [];
      const mounted = mounts.findLast(([, at]) => at === row.mount);
      return {
        path,
        mount: row.mount,
        device: row.device,
        type: mounted?.[2] ?? 'unknown',
        totalKiB: row.total,
        availableKiB: row.available,
        inodes: inodes[index]?.total ?? 0,
        inodesFree: inodes[index]?.available ?? 0,
        readOnly: mounted?.[3]?.split(',').includes('ro') ?? false,
      };
    });
    return { value };
  },
});
