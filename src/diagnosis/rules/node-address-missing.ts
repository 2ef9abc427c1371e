import { observe } from '../access.js';
import { findingIf, manual, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const nodeAddressMissing = defineRule({
  code: 'node-address-missing',
  title: "The spec's address of a host is on none of its interfaces",
  severity: 'error',
  reads: ['links', 'spec'],
  explain: `Drover reached the host under the address in the spec, but no interface carries it: the packets were translated on the way (NAT, port forwarding). kubelet can only announce an
address that the host owns; Kubespray refuses the same.`,
  source: 'https://github.com/kubernetes-sigs/kubespray (check.yml: ip must be a local address)',
  check: (context) => {
    const wanted = new Map((context.cluster?.hosts ?? []).map((host) => [host.name, host.address]));
    const seen = observe(context, 'links', (links, host) => {
      const address = wanted.get(host.name);
      const own = links.flatMap(({ addresses }) => addresses.map((one) => one.address));
      return address === undefined || own.length === 0 || own.includes(address)
        ? undefined
        : `${address} is not among ${own.join(', ')}`;
    });
    return findingIf(seen, () => ({
      title: `The address that the spec gives ${where(seen)} is on none of its interfaces`,
      cause: 'The address is translated on the way to the host, or belongs to another machine.',
      fix: manual("write the host's own address of the node network into the spec; see: ip -br address"),
    }));
  },
});
