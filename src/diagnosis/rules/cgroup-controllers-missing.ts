import { type Look, observe } from '../access.js';
import { does, findingIf, manual } from '../compose.js';
import { defineRule } from '../rule.js';

const NEEDED = ['cpu', 'cpuset', 'memory', 'pids'];

export const cgroupControllersMissing = defineRule({
  code: 'cgroup-controllers-missing',
  title: 'A cgroup controller is missing',
  severity: 'error',
  reads: ['cgroups'],
  explain: `kubelet needs the controllers cpu, cpuset, memory and pids. Without memory K3s stops with "failed to find memory cgroup". Some boards and images switch
it off on the kernel command line.`,
  source: 'https://docs.k3s.io/installation/requirements',
  check: (context) => {
    const seen = observe(context, 'cgroups', ({ controllers }): Look | undefined => {
      if (controllers.length === 0) return undefined;
      const missing = NEEDED.filter((name) => !controllers.includes(name));
      return missing.length === 0 ? undefined : { text: `missing: ${missing.join(', ')}`, at: 'controllers' };
    });
    return findingIf(seen, () => ({
      title: `${does(seen, 'lacks')} cgroup controllers that kubelet needs`,
      cause: 'They are switched off on the kernel command line, or not handed on to this container.',
      fix: manual('add to the kernel arguments: cgroup_enable=memory cgroup_memory=1, then reboot'),
    }));
  },
});
