import { observe } from '../access.js';
import { does, findingIf, step } from '../compose.js';
import { defineRule } from '../rule.js';

export const inotifyLow = defineRule({
  code: 'inotify-low',
  title: 'Few inotify instances or watches',
  severity: 'warning',
  reads: ['limits'],
  explain: `kubelet, the container runtime and every log collector watch files through inotify. When instances run out, pods fail with "too many open files" and kubelet
does not start, although no file limit is reached. The kernel's default of 128 instances is enough for a small node; 8192 is usual on full ones.`,
  check: (context) => {
    const seen = observe(context, 'limits', ({ inotifyInstances, inotifyWatches }) =>
      inotifyInstances < 128 || inotifyWatches < 8192
        ? `${inotifyInstances} instances, ${inotifyWatches} watches`
        : undefined,
    );
    return findingIf(seen, () => ({
      title: `${does(seen, 'allows')} too few inotify instances or watches`,
      cause: 'The limit was lowered below the default of the kernel.',
      fix: step(
        'host.sysctls',
        'sysctl -w fs.inotify.max_user_instances=8192 fs.inotify.max_user_watches=524288, and keep it in /etc/sysctl.d',
      ),
    }));
  },
});
