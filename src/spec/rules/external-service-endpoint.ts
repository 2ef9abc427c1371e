import { defineSpecRule } from '../rule.js';

export const externalServiceEndpoint = defineSpecRule({
  code: 'external-service-endpoint',
  title: 'It is not said where an external service is called',
  severity: 'error',
  explain: `An external service needs an address: \`endpoint\`, or a \`loadBalancer\` of the spec that has an address, or \`hosts\` of the spec. A
load balancer in front of it must listen on the port of the service.`,
  reads: ['externalServices', 'loadBalancers'],
  check: ({ externalServices, loadBalancers }, { at }) =>
    externalServices.flatMap((service, index) => {
      const path = ['spec', 'externalServices', index];
      if (service.endpoint === undefined && service.loadBalancer === undefined && service.hosts.length === 0)
        return [
          {
            message: `${service.name} has no endpoint, no load balancer and no hosts`,
            location: at([...path, 'name']),
            hint: 'name one of them',
          },
        ];
      const balancer = loadBalancers.find(({ name }) => name === service.loadBalancer);
      if (balancer === undefined || balancer.listeners.some(({ port }) => port === service.port)) return [];
      return [
        {
          message: `${balancer.name} does not listen on port ${service.port} of ${service.name}`,
          location: at([...path, 'port']),
          hint: `add a listener for ${service.port}, or correct the port`,
        },
      ];
    }),
});
