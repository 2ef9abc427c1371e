import { cidrHasAddress } from '../../core/cidr.js';
import { type Look, nodeNetwork, observe } from '../access.js';
import { does, findingIf, step } from '../compose.js';
import { defineRule } from '../rule.js';

export const nodeIpWrong = defineRule({
  code: 'node-ip-wrong',
  title: 'A configured node address or interface is outside the node network',
  severity: 'error',
  reads: ['kubernetes', 'links'],
  explain: `\`node-ip\` or \`flannel-iface\` on the host points away from the node network: the node announces an address that others reach by another way or not at all, and the cluster
network runs over the wrong wire.`,
  source: 'https://docs.k3s.io/cli/agent',
  causes: ['overlay-on-wrong-interface'],
  check: (context) => {
    const network = nodeNetwork(context);
    if (network === undefined) return [];
    const seen = observe(context, 'kubernetes', ({ installs }, host): Look[] => {
      const own = network.members[host.name];
      if (own === undefined) return [];
      return installs.flatMap(({ settings, kind }) => {
        const [nodeIp] = [settings['node-ip']?.value ?? []].flat().flatMap((text) => text.split(','));
        const [iface] = [settings['flannel-iface']?.value ?? []].flat();
        const at = `installs.${kind}.settings`;
        return [
          ...(nodeIp === undefined || cidrHasAddress(network.cidr, nodeIp)
            ? []
            : [{ text: `node-ip ${nodeIp} (${settings['node-ip']?.origin ?? ''})`, at: `${at}.node-ip` }]),
          ...(iface === undefined || iface === own.interface
            ? []
            : [
                {
                  text: `flannel-iface ${iface}, but ${network.cidr} is on ${own.interface}`,
                  at: `${at}.flannel-iface`,
                },
              ]),
        ];
      });
    });
    return findingIf(seen, () => ({
      title: `${does(seen, 'is')} configured for another network than ${network.cidr}`,
      cause: 'The address or interface was copied from another host, or named before the network changed.',
      fix: step(
        'k3s.config',
        'correct node-ip and flannel-iface in /etc/rancher/k3s/config.yaml, then: systemctl restart k3s',
      ),
    }));
  },
});
