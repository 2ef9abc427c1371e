import { findingIf, manual, where } from '../compose.js';
import { gib, observeDisks } from '../disk.js';
import { defineRule } from '../rule.js';

const MINIMUM_KIB = 5 * 1024 * 1024;
const CLUSTER_PATHS = /^\/(var\/lib\/(rancher|kubelet|containerd|etcd).*|var\/lib|var)?$/;

export const diskSmall = defineRule({
  code: 'disk-small',
  title: 'A disk is too small for a node',
  severity: 'warning',
  reads: ['disks'],
  explain: `K3s, its images and a few workloads take about 5 GiB before anything of yours is stored. Smaller disks reach kubelet's eviction mark within days.`,
  check: (context) => {
    const seen = observeDisks(context, ({ path, mount, totalKiB, readOnly }) =>
      CLUSTER_PATHS.test(path) && totalKiB > 0 && totalKiB < MINIMUM_KIB && !readOnly
        ? { text: `${mount} (for ${path}) has ${gib(totalKiB)} in all` }
        : undefined,
    );
    return findingIf(seen, () => ({
      title: `The disk of ${where(seen)} is smaller than 5 GiB`,
      cause: 'The machine or a separate file system was made too small.',
      fix: manual('make the disk larger, then: growpart /dev/DEVICE 1 && resize2fs /dev/DEVICE1'),
    }));
  },
});
