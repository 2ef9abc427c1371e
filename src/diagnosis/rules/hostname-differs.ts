import { observe } from '../access.js';
import { does, findingIf, step } from '../compose.js';
import { defineRule } from '../rule.js';

export const hostnameDiffers = defineRule({
  code: 'hostname-differs',
  title: "A host's name is not the one in the spec",
  severity: 'warning',
  reads: ['identity', 'spec'],
  explain: `The node takes its name from the host. When the spec calls it otherwise, labels, taints and certificates go to a name that does not exist. A
difference may also mean that the address in the spec belongs to another machine: look before you rename.`,
  check: (context) => {
    const { cluster } = context;
    if (cluster === undefined) return [];
    const names = new Set(cluster.hosts.map((host) => host.name));
    const seen = observe(context, 'identity', ({ hostname }, host) =>
      !names.has(host.name) || hostname === host.name || hostname.split('.')[0] === host.name
        ? undefined
        : { text: `is called ${hostname}`, at: 'hostname' },
    );
    return findingIf(seen, () => ({
      title: `${does(seen, 'has')} another hostname than in the spec`,
      cause: 'The host was never named, or the address in the spec leads to another machine.',
      fix: step('host.hostname', 'name it as in the spec: hostnamectl set-hostname NAME'),
    }));
  },
});
