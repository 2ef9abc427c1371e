/** What the disk faults fill, break and lock: where a cluster keeps its data. */
const MOUNT_POINT = '/var/lib/rancher';

/**
 * Is the small file system of a disk fault mounted? Its size tells it apart from the machine's disk, which is a
 * mount point at the same place and must never be filled.
 */
export const ON_LOOP_DISK = `[ "$(df --output=size -k ${MOUNT_POINT} | tail -n 1)" -lt 65536 ]`;

const image = (fault: string): string => `/var/lib/kubelet/.lab-${fault}.img`;

/**
 * Mounts a small file system of the fault's own, so that nothing can fill or lock the machine's disk. The kernel
 * releases the loop device with the last mount, also when the host loses power.
 * @param options for mkfs.ext4
 */
export const mountLoopDisk = (fault: string, options: string): string => `
[ -e /dev/loop-control ] || mknod /dev/loop-control c 10 237
for number in $(seq 0 63); do [ -e "/dev/loop$number" ] || mknod "/dev/loop$number" b 7 "$number"; done
if ! ${ON_LOOP_DISK}; then
  rm -f ${image(fault)}
  truncate -s 48M ${image(fault)}
  mkfs.ext4 -q -F ${options} ${image(fault)}
  mount -o loop ${image(fault)} ${MOUNT_POINT}
fi
${ON_LOOP_DISK}
`;

export const unmountLoopDisk = (fault: string): string => `
while ${ON_LOOP_DISK}; do umount ${MOUNT_POINT}; done
rm -f ${image(fault)}
`;
