import { type Look, observe } from '../access.js';
import { does, findingIf, manual } from '../compose.js';
import { defineRule } from '../rule.js';

export const installRoleDiffers = defineRule({
  code: 'install-role-differs',
  title: 'A host runs in another role than the spec gives it',
  severity: 'error',
  reads: ['kubernetes', 'spec'],
  explain: `The spec calls the host a server and an agent is installed there, or the reverse. Changing the role means leaving the cluster and joining again; a server that goes takes a vote of etcd with it.`,
  check: (context) => {
    if (context.cluster === undefined) return [];
    const seen = observe(context, 'kubernetes', ({ installs }, host): Look[] =>
      host.role === 'unknown' || installs.some(({ role }) => role === host.role)
        ? []
        : installs
            .filter(({ role }) => role !== 'unknown')
            .map(({ kind, role, unit }) => ({
              text: `${unit ?? kind} runs as ${role}, the spec says ${host.role}`,
              at: 'installs',
            })),
    );
    return findingIf(seen, () => ({
      title: `${does(seen, 'is')} installed in another role than the spec gives it`,
      cause: 'The host was installed for another purpose, or the spec was changed since.',
      fix: manual(
        'correct the role in the spec, or remove the node first: kubectl drain NODE && kubectl delete node NODE',
      ),
    }));
  },
});
