import { overlaps } from '../../core/cidr.js';
import { podRange, providerRange, serviceRange } from '../ranges.js';
import { defineSpecRule } from '../rule.js';

export const rangeInsideProvider = defineSpecRule({
  code: 'range-inside-provider',
  title: 'Pods or Services use addresses that the provider may give to machines',
  severity: 'warning',
  explain: `The range lies in the range of the provider network. That is right for pods whose routes the provider keeps
(\`provider.routes: true\`). Otherwise the provider may give one of these addresses to a machine, a database or a load
balancer, which pods then cannot reach. Use a range outside of it, or make the provider's range smaller.`,
  reads: ['network'],
  check: ({ network }, { at }) => {
    const pods = network.provider?.routes === true ? [] : podRange(network);
    return providerRange(network).flatMap((provider) =>
      [...pods, ...serviceRange(network)]
        .filter(({ cidr }) => overlaps(provider.cidr, cidr))
        .map(({ name, path }) => ({
          message: `the range of ${name} lies in the provider network ${provider.text}`,
          location: at(path),
          hint: 'choose a range outside of it',
        })),
    );
  },
});
