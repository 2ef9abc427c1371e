import { observe } from '../access.js';
import { findingIf, manual, where } from '../compose.js';
import { askedOption, NETWORKS } from '../networks.js';
import { defineRule } from '../rule.js';

export const kernelNetworkMissing = defineRule({
  code: 'kernel-network-missing',
  title: 'The kernel lacks what the chosen cluster network needs',
  severity: 'error',
  reads: ['kernel', 'spec'],
  explain: `The spec asks for a network whose tunnel this kernel does not know: \`vxlan\`, \`ipip\` or \`wireguard\`, neither built in nor as a module. Health
checks do not show it: Calico's Felix stays ready while it logs "operation not supported" each second.

Choose a network from the verdict table that works, or install a kernel with the module.`,
  check: (context) => {
    const option = askedOption(context.cluster);
    const needs = option === undefined ? undefined : NETWORKS[option];
    const name = needs?.module;
    if (needs === undefined || name === undefined) return [];
    const seen = observe(context, 'kernel', ({ features }) =>
      features[name] === 'absent'
        ? { text: `no ${name}, neither built in nor as a module`, at: `features.${name}` }
        : undefined,
    );
    return findingIf(seen, () => ({
      title: `${needs.title} cannot work: the kernel of ${where(seen)} has no ${name}`,
      cause: `The kernel was built without ${name}, or its modules are gone.`,
      fix: manual(
        "choose a network that works here (see the verdicts), or install the distribution's full kernel and reboot",
      ),
    }));
  },
});
