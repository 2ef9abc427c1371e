import { defineSpecRule } from '../rule.js';

export const labFirewall = defineSpecRule({
  code: 'lab-firewall',
  title: 'The lab’s provider firewall needs a routed network',
  severity: 'error',
  explain: `The lab's firewall stands on the router between the hosts. On a switched network packets do not pass it, so its rules would do
nothing. Ports belong to tcp and udp rules only.`,
  reads: ['lab'],
  check: ({ lab }, { at }) => [
    ...(lab.firewall !== undefined && lab.network === 'switched'
      ? [
          {
            message: 'a switched lab has no provider firewall',
            location: at(['spec', 'lab', 'firewall'], 'key'),
            hint: 'use lab.network: routed',
          },
        ]
      : []),
    ...(lab.firewall?.rules ?? []).flatMap(({ protocol, port }, index) =>
      port !== undefined && !['tcp', 'udp'].includes(protocol)
        ? [
            {
              message: `${protocol} has no ports`,
              location: at(['spec', 'lab', 'firewall', 'rules', index, 'port']),
              hint: 'leave the port out',
            },
          ]
        : [],
    ),
  ],
});
