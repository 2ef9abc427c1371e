import { manual } from '../compose.js';
import { kernelMessageRule } from '../shapes/kernel-message.js';

export const kernelIoErrors = kernelMessageRule({
  code: 'kernel-io-errors',
  title: 'The kernel reports errors of a disk',
  severity: 'error',
  pattern: /I\/O error|EXT4-fs error|XFS .*(corrupt|error)|Buffer I\/O/i,
  says: 'reports errors of a disk',
  cause: 'The disk, its controller or the storage behind the virtual disk fails.',
  fix: manual(
    'save the data, then replace the disk or move the machine; see: journalctl -k -p err; smartctl -a /dev/DEVICE',
  ),
  explain: `A failing disk under etcd or a volume costs data. Do not build on it, and do not restart the host before its data is safe: file systems with errors often come back read-only.`,
  causes: ['disk-read-only'],
});
