import { observe } from '../access.js';
import { findingIf, step, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const resolverLoopback = defineRule({
  code: 'resolver-loopback',
  title: 'The only name server is on the host itself',
  severity: 'warning',
  reads: ['resolver'],
  explain: `The host asks a resolver of its own on 127.x (dnsmasq, unbound, bind). In a pod that address is the pod itself, so K3s replaces such a file by 8.8.8.8, which private networks
often cannot reach, and kubeadm's CoreDNS stops with "Loop ... detected". Give kubelet a file with servers that pods can reach.`,
  source: 'https://coredns.io/plugins/loop/',
  check: (context) => {
    const seen = observe(context, 'resolver', ({ owner, nameservers }) =>
      owner !== 'systemd-resolved-stub' &&
      nameservers.length > 0 &&
      nameservers.every((server) => /^(127\.|::1$)/.test(server) && server !== '127.0.0.53')
        ? { text: nameservers.join(', '), at: 'nameservers' }
        : undefined,
    );
    return findingIf(seen, () => ({
      title: `The only name server of ${where(seen)} is on the host itself, where pods cannot reach it`,
      cause: 'A local resolver is configured as the only name server.',
      fix: step(
        'host.resolvers',
        'write reachable servers to /etc/rancher/k3s/resolv.conf and set resolv-conf: /etc/rancher/k3s/resolv.conf',
      ),
    }));
  },
});
