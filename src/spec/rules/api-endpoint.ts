import { defineSpecRule, type Problem } from '../rule.js';

export const apiEndpoint = defineSpecRule({
  code: 'api-endpoint',
  title: 'The API endpoint is a load balancer that does not serve the API',
  severity: 'error',
  explain: `\`api.endpoint\` is what users and joining hosts call. When it is the address of a load balancer of the spec, that load
balancer needs a listener on \`api.port\` whose backends are the servers.`,
  reads: ['api', 'loadBalancers'],
  check: ({ api, loadBalancers }, { at }): readonly Problem[] => {
    const index = loadBalancers.findIndex(
      ({ address, publicAddress }) =>
        api.endpoint !== undefined && [address, publicAddress].includes(api.endpoint),
    );
    const balancer = loadBalancers[index];
    if (balancer === undefined || balancer.listeners.some(({ port }) => port === api.port)) return [];
    return [
      {
        message: `${balancer.name} has no listener on ${api.port} for the API`,
        location: at(['spec', 'loadBalancers', index, 'listeners'], 'key'),
        hint: `add a listener {name: api, port: ${api.port}, backends: servers}`,
      },
    ];
  },
});
