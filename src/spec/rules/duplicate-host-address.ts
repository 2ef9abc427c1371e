import { formatAddress, parseAddress } from '../../core/cidr.js';
import { repeated } from '../repeated.js';
import { defineSpecRule } from '../rule.js';

const canonical = (text: string): string => {
  const address = parseAddress(text);
  return address === undefined ? text : formatAddress(address);
};

export const duplicateHostAddress = defineSpecRule({
  code: 'duplicate-host-address',
  title: 'Two hosts have the same address',
  severity: 'error',
  explain: `One machine would be prepared and joined twice, under two names. When two names are right (a service moved onto a host
of the cluster), keep one row and use the other name in an application's or service's section.`,
  reads: ['hosts'],
  check: ({ hosts }, { host: at }) =>
    repeated(hosts, ({ address }) => canonical(address)).map(({ item, first }) => ({
      message: `${first.name} and ${item.name} have the same address`,
      location: at(item, 'address'),
      label: `also in line ${at(first, 'address').line}`,
      hint: 'correct one of them',
    })),
});
