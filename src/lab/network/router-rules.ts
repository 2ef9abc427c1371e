import { portName } from '../names.js';
import type { FirewallRule, LabPlan } from '../state/schema.js';

const protocolMatch = ({ protocol, port }: FirewallRule): string => {
  if (protocol !== 'tcp' && protocol !== 'udp') return `meta l4proto ${protocol}`;
  return port === undefined || port === 'any' ? `meta l4proto ${protocol}` : `${protocol} dport ${port}`;
};

const addressMatch = ({ direction, addresses }: FirewallRule): string =>
  // IPv6 ranges in a rule are legal; this network carries IPv4.
  `ip ${direction === 'in' ? 'saddr' : 'daddr'} { ${addresses.filter((range) => !range.includes(':')).join(', ')} }`;

const hasIpv4 = ({ addresses }: FirewallRule): boolean => addresses.some((range) => !range.includes(':'));

const chain = (name: string, rules: readonly FirewallRule[]): readonly string[] => [
  `  chain ${name} {`,
  ...rules.filter(hasIpv4).map((rule) => `    ${addressMatch(rule)} ${protocolMatch(rule)} return`),
  '    counter drop comment "implicit deny"',
  '  }',
];

/** Inbound is denied unless a rule allows it; outbound is open until the first outbound rule exists. */
const firewallChains = (rules: readonly FirewallRule[]): readonly string[] => {
  const inbound = rules.filter((rule) => rule.direction === 'in');
  const outbound = rules.filter((rule) => rule.direction === 'out');
  return [
    ...(outbound.length === 0 ? [] : chain('outbound', outbound)),
    ...chain('inbound', inbound),
    '  chain firewall {',
    '    type filter hook forward priority filter; policy accept;',
    '    ct state established,related accept',
    '    iifname "operator" accept',
    '    oifname "operator" accept',
    ...(outbound.length === 0 ? [] : ['    jump outbound']),
    '    jump inbound',
    '  }',
  ];
};

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
    ...(plan.firewall === undefined ? [] : firewallChains(plan.firewall)),
    '}',
    '',
  ].join('\n');
