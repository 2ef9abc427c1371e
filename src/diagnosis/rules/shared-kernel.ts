import { observe } from '../access.js';
import { does, findingIf, manual } from '../compose.js';
import { defineRule } from '../rule.js';

export const sharedKernel = defineRule({
  code: 'shared-kernel',
  title: 'A host is a container',
  severity: 'info',
  reads: ['os'],
  explain: `The host shares its kernel with others, so swap, clock, kernel modules and machine-wide sysctls are not its own. Drover leaves out the rules
about them. In a lab of Drover that is normal and not reported.`,
  check: (context) => {
    if (context.facts.realm.startsWith('lab/')) return [];
    const seen = observe(context, 'os', ({ sharedKernel: shared, virtualization }) =>
      shared ? { text: `virtualisation: ${virtualization}`, at: 'sharedKernel' } : undefined,
    );
    return findingIf(seen, () => ({
      title: `${does(seen, 'shares')} the kernel of another machine`,
      cause: 'The host is a container, not a virtual or physical machine.',
      fix: manual('use virtual machines in production; swap, modules and time are set on the outer machine'),
    }));
  },
});
