import { defineSpecRule } from '../rule.js';

export const apiEndpointSingle = defineSpecRule({
  code: 'api-endpoint-single',
  title: 'The API is called through one server only',
  severity: 'warning',
  explain: `With several servers, an endpoint that is the address of one of them goes away with that server: users lose the API
although the cluster is fine, and no host can join. Running K3s agents are not concerned, they know all servers. Put a load
balancer in front, or a DNS name with the addresses of all servers.`,
  reads: ['api', 'hosts'],
  check: ({ api, hosts }, { at }) => {
    const servers = hosts.filter(({ role }) => role === 'server');
    const one = servers.find(({ name, address, publicAddress }) =>
      [name, address, publicAddress].includes(api.endpoint),
    );
    if (api.endpoint === undefined || one === undefined || servers.length < 2) return [];
    return [
      {
        message: `the API is called through ${one.name} alone`,
        location: at(['spec', 'api', 'endpoint']),
        hint: 'use a load balancer in front of all servers',
      },
    ];
  },
});
