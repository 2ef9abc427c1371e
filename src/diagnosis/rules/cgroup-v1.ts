import { grouped, observe, ownsKernel, valueOf } from '../access.js';
import { does, findingPerKey, manual } from '../compose.js';
import { minorOf, wantedKubernetes } from '../kubernetes-version.js';
import { defineRule } from '../rule.js';

export const cgroupV1 = defineRule({
  code: 'cgroup-v1',
  title: 'cgroup v1 with a Kubernetes that refuses it',
  severity: 'error',
  reads: ['cgroups', 'kubernetes', 'os'],
  explain: `From Kubernetes 1.35 kubelet refuses to start on cgroup v1 unless its configuration says \`failCgroupV1: false\`. Distributions switched to v2 years ago;
old kernel arguments (\`systemd.unified_cgroup_hierarchy=0\`) keep v1 alive. In a container the hierarchy belongs to the outer machine; the hosts of a lab are
started with \`failCgroupV1: false\` and not reported.`,
  source: 'https://kubernetes.io/docs/concepts/architecture/cgroups/',
  check: (context) => {
    if (context.facts.realm.startsWith('lab/')) return [];
    const wanted = minorOf(wantedKubernetes(context.cluster)) ?? 0;
    const seen = observe(context, 'cgroups', ({ version }, host) => {
      const installs = valueOf(host, 'kubernetes')?.installs ?? [];
      const minor = Math.max(wanted, ...installs.map((install) => minorOf(install.version) ?? 0));
      if (version === 'v2' || minor < 35) return undefined;
      return {
        text: `cgroup ${version}, Kubernetes 1.${minor}`,
        at: 'version',
        key: ownsKernel(host) ? 'error' : 'info',
      };
    });
    return findingPerKey(grouped(seen), (severity, group) => ({
      severity: severity === 'error' ? 'error' : 'info',
      title: `${does(group, 'uses')} cgroup v1, which kubelet refuses from Kubernetes 1.35`,
      cause: 'The kernel was started with the old cgroup hierarchy.',
      fix: manual(
        'remove systemd.unified_cgroup_hierarchy=0 from the kernel arguments and reboot, or set failCgroupV1: false',
      ),
    }));
  },
});
