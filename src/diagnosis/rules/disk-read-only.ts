import { findingIf, manual, where } from '../compose.js';
import { observeDisks } from '../disk.js';
import { defineRule } from '../rule.js';

export const diskReadOnly = defineRule({
  code: 'disk-read-only',
  title: 'A file system that the cluster needs is read-only',
  severity: 'error',
  reads: ['disks'],
  explain: `Nothing can be installed or stored there. A file system that was writable before was remounted read-only by the kernel after errors: look at the kernel log before anything else.`,
  check: (context) => {
    const seen = observeDisks(context, ({ mount, device, type, readOnly }) =>
      readOnly ? { text: `${mount} (${device}, ${type}) is mounted read-only` } : undefined,
    );
    return findingIf(seen, () => ({
      title: `A file system that the cluster needs is read-only on ${where(seen)}`,
      cause: 'The kernel remounted it after errors, or it is mounted so on purpose.',
      fix: manual('look for errors first: journalctl -k -p err; then: mount -o remount,rw MOUNT'),
    }));
  },
});
