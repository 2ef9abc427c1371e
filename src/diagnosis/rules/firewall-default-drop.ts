import { type Look, observe } from '../access.js';
import { does, findingIf, step } from '../compose.js';
import { defineRule } from '../rule.js';

export const firewallDefaultDrop = defineRule({
  code: 'firewall-default-drop',
  title: 'Inbound packets are dropped by default',
  severity: 'warning',
  reads: ['firewall'],
  explain: `A base chain at the input hook has the policy drop, and neither ufw nor firewalld put it there. Whatever its rules do not accept is lost: the ports of the cluster, and later NodePorts. Probes show what is lost now.`,
  causes: ['udp-blocked-by-host', 'tcp-blocked-by-host', 'ipip-lost', 'path-lost', 'vxlan-frames-lost'],
  check: (context) => {
    const seen = observe(context, 'firewall', ({ chains, ufw, firewalld }): Look[] => {
      if (ufw.active || firewalld.active) return [];
      return chains
        .filter(
          ({ hook, policy, family }) =>
            hook?.toLowerCase() === 'input' &&
            policy?.toLowerCase() === 'drop' &&
            family !== 'bridge' &&
            family !== 'arp',
        )
        .map(({ backend, family, table, chain, rules }) => ({
          text: `${backend} ${family} ${table} ${chain}: policy drop, ${rules} rules`,
          at: 'chains',
        }));
    });
    return findingIf(seen, () => ({
      title: `${does(seen, 'drops')} inbound packets unless a rule accepts them`,
      cause: 'A hand-written rule set, or a hardening script, with a default of drop.',
      fix: step(
        'host.firewall',
        'accept the nodes first: nft insert rule FAMILY TABLE CHAIN ip saddr NODE-RANGE accept',
      ),
    }));
  },
});
