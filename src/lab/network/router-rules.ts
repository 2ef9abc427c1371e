import { portName } from '../names.js';
import type { FirewallRule, LabPlan } from '../state/schema.js';

const protocolMatch = ({ protocol, port }: FirewallRule): string => {
  if (protocol !== 'tcp' && protocol !== 'udp') return `meta l4proto ${protocol}`;
  return port === undefined || port === 'any' ? `meta l4proto ${protocol}` : `${protocol} dport ${port}`;
};

const ruleText = (rule: FirewallRule): string => {
  const source = rule.source.length === 0 ? '' : `ip saddr { ${rule.source.join(', ')} } `;
  return `    ${source}${protocolMatch(rule)} accept`;
};

const firewallChain = (rules: readonly FirewallRule[]): readonly string[] => [
  '  chain firewall {',
  '    type filter hook forward priority filter; policy drop;',
  '    ct state established,related accept',
  '    iifname "operator" accept',
  '    oifname "operator" accept',
  ...rules.map(ruleText),
  '    counter comment "implicit deny"',
  '  }',
];

/**
 * What a provider's router does: drop packets whose source is not the sending server's own address, and, when
 * the spec asks for it, filter by a stateful firewall that knows only tcp, udp, icmp, gre and esp.
 */
export const routerRules = (plan: Pick<LabPlan, 'name' | 'network' | 'hosts' | 'firewall'>): string =>
  [
    'table ip drover {',
    '  set sources {',
    '    type ifname . ipv4_addr',
    `    elements = { ${plan.hosts.map((host) => `"${portName(plan, host.name)}" . ${host.address}`).join(', ')} }`,
    '  }',
    '  chain source-check {',
    '    type filter hook prerouting priority raw; policy accept;',
    '    iifname "ve-*" iifname . ip saddr != @sources counter drop comment "not the address of the sending server"',
    '  }',
    ...(plan.firewall === undefined ? [] : firewallChain(plan.firewall)),
    '}',
    '',
  ].join('\n');
