import { defineFault } from './fault.js';

export const hostDown = defineFault({
  id: 'host-down',
  place: 'power',
  title: 'A host has no power',
  simulates: 'A machine that died or was switched off.',
  codes: ['contact-unreachable', 'contact-timed-out'],
  targets: 'agent',
});
