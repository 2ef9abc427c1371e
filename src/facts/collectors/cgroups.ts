import { defineCollector } from '../collector.js';
import { blocksOf, linesOf } from './blocks.js';

/** Type of the file system that is mounted last on a path, as /proc/mounts tells it. */
const typeAt = (mounts: string, path: string): string | undefined =>
  linesOf(mounts)
    .map((line) => line.split(' '))
    .findLast(([, at]) => at === path)?.[2];

/** /proc/cgroups: name, hierarchy, number of groups, enabled. */
const enabledV1 = (text: string): string[] =>
  linesOf(text)
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.split(/\s+/))
    .filter(([, , , enabled]) => enabled === '1')
    .map(([name = '']) => name);

export const cgroups = defineCollector({
  id: 'cgroups',
  title: 'Control groups',
  volatile: false,
  needsRoot: false,
  script: `
block mounts; grep ' /sys/fs/cgroup' /proc/mounts
block v1; say /proc/cgroups
block v2; say /sys/fs/cgroup/cgroup.controllers
true`,
  parse: ({ stdout }) => {
    const block = blocksOf(stdout);
    const mounts = block('mounts');
    if (typeAt(mounts, '/sys/fs/cgroup') === 'cgroup2') {
      const controllers = block('v2')
        .split(/\s+/)
        .filter((name) => name !== '');
      return { value: { version: 'v2', controllers } };
    }
    const hybrid = typeAt(mounts, '/sys/fs/cgroup/unified') === 'cgroup2';
    return { value: { version: hybrid ? 'hybrid' : 'v1', controllers: enabledV1(block('v1')) } };
  },
});
