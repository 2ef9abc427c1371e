/** What the disk faults fill, break and lock: where a cluster keeps its data. */
const MOUNT_POINT = '/var/lib/rancher';

const image = (fault: string): string => `/var/lib/drover-lab/${fault}.img`;

/**
 * Is the file system of a disk fault mounted? Its backing file tells it apart from the machine's disk, which is
 * mounted at the same place and must never be filled.
 */
export const onLoopDisk = (fault: string): string =>
  `grep -qs '/drover-lab/${fault}.img' "/sys/block/$(findmnt -n -o SOURCE ${MOUNT_POINT} | tail -n 1 | sed 's|^/dev/||')/loop/backing_file"`;

/**
 * Mounts a file system of the fault's own, so that nothing can fill or lock the machine's disk: 8 GiB in a sparse
 * file. The kernel releases the loop device with the last mount, also when the host loses power.
 * @param options for mkfs.ext4
 */
export const mountLoopDisk = (fault: string, options: string): string => `
[ -e /dev/loop-control ] || mknod /dev/loop-control c 10 237
for number in $(seq 0 63); do [ -e "/dev/loop$number" ] || mknod "/dev/loop$number" b 7 "$number"; done
if ! ${onLoopDisk(fault)}; then
  mkdir -p /var/lib/drover-lab
  rm -f ${image(fault)}
  truncate -s 8G ${image(fault)}
  mkfs.ext4 -q -F -J size=4 -E nodiscard ${options} ${image(fault)}
  mount -o loop ${image(fault)} ${MOUNT_POINT}
fi
${onLoopDisk(fault)}
`;

export const unmountLoopDisk = (fault: string): string => `
while ${onLoopDisk(fault)}; do umount ${MOUNT_POINT}; done
rm -f ${image(fault)}
`;
