import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { execa } from 'execa';
import { HOST_INTERFACE } from '../names.js';

/** What stands between the kernel and the root disk, in the order in which it must be loaded. */
const MODULES = ['virtio_blk', 'failover', 'net_failover', 'virtio_net'] as const;

/** Printed by the test boot; nothing else prints it. */
export const KVM_MARK = 'drover: this kernel runs';

/**
 * The first program of a host: loads the drivers, mounts the disk, unpacks what is the host's own (once), names its
 * interface as containers name theirs and hands over to systemd. There is no udev: the last file tells
 * systemd-networkd that the interface is ready, as udev would.
 */
const INIT = `#!/bin/busybox sh
b=/bin/busybox
$b mount -t proc proc /proc
$b mount -t sysfs sys /sys
$b mount -t devtmpfs dev /dev
for module in ${MODULES.join(' ')}; do
  [ ! -e /modules/$module.ko ] || $b insmod /modules/$module.ko
done
while [ ! -b /dev/vdb ]; do $b usleep 5000; done
$b mount -t ext4 -o noatime /dev/vda /new
if [ ! -e /new/etc/drover-lab-host ]; then
  $b tar -x -C /new -f /dev/vdb && : >/new/etc/drover-lab-host
fi
$b ip link set eth0 name ${HOST_INTERFACE}
$b mount -t tmpfs -o mode=0755,nosuid,nodev run /new/run
$b mkdir -p /new/run/udev/data
echo I:1 >/new/run/udev/data/n$($b cat /sys/class/net/${HOST_INTERFACE}/ifindex)
$b umount /proc /sys
$b mount --move /dev /new/dev
exec $b switch_root /new /sbin/init
`;

/** Says that it runs and switches the machine off. */
const TEST_INIT = `#!/bin/busybox sh
/bin/busybox mount -t devtmpfs dev /dev
echo '${KVM_MARK}' >/dev/ttyS0
/bin/busybox reboot -f
`;

const archive = async (busybox: string, root: string, names: readonly string[]): Promise<Buffer> => {
  const packed = await execa(busybox, ['cpio', '-o', '-H', 'newc'], {
    cwd: root,
    input: `${names.join('\n')}\n`,
    encoding: 'buffer',
    stderr: 'ignore',
  });
  return gzipSync(packed.stdout, { level: 1 });
};

const FOLDERS = ['bin', 'proc', 'sys', 'dev', 'new', 'modules'] as const;

const unpackModules = async (
  busybox: string,
  modules: string,
  target: string,
): Promise<readonly string[]> => {
  const paths = (await readFile(join(modules, 'modules.dep'), 'utf8'))
    .split('\n')
    .map((line) => line.split(':')[0] ?? '');
  const names: string[] = [];
  for (const module of MODULES) {
    const path = paths.find((one) => basename(one).startsWith(`${module}.ko`));
    // A driver that is built into the kernel has no file.
    if (path === undefined) continue;
    const content = await readFile(join(modules, path));
    const plain = path.endsWith('.xz')
      ? (await execa(busybox, ['unxz', '-c'], { input: content, encoding: 'buffer' })).stdout
      : content;
    await writeFile(join(target, 'modules', `${module}.ko`), plain);
    names.push(`modules/${module}.ko`);
  }
  return names;
};

/** Writes `initrd` and `test-initrd` into a directory. `staging` is a new directory that may be left behind. */
export const writeInitrds = async (given: {
  readonly tree: string;
  readonly release: string;
  readonly staging: string;
  readonly directory: string;
}): Promise<void> => {
  const { tree, release, staging, directory } = given;
  const busybox = join(tree, 'usr/bin/busybox');
  for (const folder of FOLDERS) await mkdir(join(staging, folder), { recursive: true });
  await copyFile(busybox, join(staging, 'bin/busybox'));
  const init = join(staging, 'init');
  const common = [...FOLDERS, 'bin/busybox', 'init'];
  await writeFile(init, TEST_INIT);
  await chmod(init, 0o755);
  await writeFile(join(directory, 'test-initrd'), await archive(busybox, staging, common));
  await writeFile(init, INIT);
  const modules = await unpackModules(busybox, join(tree, 'usr/lib/modules', release), staging);
  await writeFile(join(directory, 'initrd'), await archive(busybox, staging, [...common, ...modules]));
};
