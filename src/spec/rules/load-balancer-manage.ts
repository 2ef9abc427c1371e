import { defineSpecRule } from '../rule.js';

export const loadBalancerManage = defineSpecRule({
  code: 'load-balancer-manage',
  title: 'A load balancer shall be managed that Drover cannot manage',
  severity: 'error',
  explain: `With \`manage: true\` Drover installs HAProxy on the host of a load balancer and writes its whole configuration. That takes
\`provider: haproxy\` and a \`host\` of the spec with the role \`external\`: on a node of the cluster HAProxy would take the very ports that
it is to balance. One host runs one load balancer, because one file configures it.`,
  reads: ['loadBalancers', 'hosts'],
  check: ({ loadBalancers, hosts }, { at }) =>
    loadBalancers.flatMap(({ manage, name, provider, host }, index) => {
      if (!manage) return [];
      const location = at(['spec', 'loadBalancers', index, 'manage']);
      if (provider !== 'haproxy')
        return [
          { message: `${name} is made of ${provider}, not of haproxy`, location, hint: 'leave manage out' },
        ];
      const role = hosts.find((one) => one.name === host)?.role;
      if (role !== 'external')
        return [
          {
            message:
              host === undefined
                ? `${name} names no host to install HAProxy on`
                : `${host} is a node of the cluster, or no host of the spec`,
            location,
            hint: 'name an external host',
          },
        ];
      const first = loadBalancers.find((other) => other.manage && other.host === host);
      if (first?.name === name) return [];
      return [
        {
          message: `${first?.name ?? ''} is managed on ${host ?? ''} already`,
          location,
          hint: 'move its listeners there, or name another host',
        },
      ];
    }),
});
