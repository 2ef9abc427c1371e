import { defineSpecRule } from '../rule.js';

export const loadBalancerAddress = defineSpecRule({
  code: 'load-balancer-address',
  title: 'A load balancer has no address',
  severity: 'error',
  explain: `A load balancer needs an \`address\` on the node network, or a \`host\` of the spec whose address it has.`,
  reads: ['loadBalancers', 'hosts'],
  check: ({ loadBalancers, hosts }, { at, host: hostAt }) =>
    loadBalancers.flatMap(({ name, address, host }, index) => {
      const machine = hosts.find((one) => one.name === host);
      if (address === undefined && host === undefined)
        return [
          {
            message: `${name} has neither address nor host`,
            location: at(['spec', 'loadBalancers', index, 'name']),
            hint: 'name one of them',
          },
        ];
      if (address === undefined || machine === undefined || machine.address === address) return [];
      return [
        {
          message: `${name} has another address than its host ${machine.name}`,
          location: at(['spec', 'loadBalancers', index, 'address']),
          label: `the host has ${machine.address} (line ${hostAt(machine, 'address').line})`,
          hint: 'leave the address out, or correct it',
        },
      ];
    }),
});
