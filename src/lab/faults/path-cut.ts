import { defineFault } from './fault.js';

export const pathCut = defineFault({
  id: 'path-cut',
  place: 'network',
  title: 'Two hosts cannot reach each other at all',
  simulates: 'A broken route or switch between two racks: both are fine for everybody else.',
  codes: ['path-lost'],
  targets: 'two-servers',
  rules: ([one, other], { from, to }) =>
    one === undefined || other === undefined
      ? []
      : [`${from(one)} ${to(other)} drop`, `${from(other)} ${to(one)} drop`],
});
