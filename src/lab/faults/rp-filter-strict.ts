import { defineFault } from './fault.js';

export const rpFilterStrict = defineFault({
  id: 'rp-filter-strict',
  place: 'host',
  title: 'Strict reverse-path filtering is on',
  simulates:
    'A hardening profile: answers that leave by another interface than the question came in by are dropped.',
  codes: ['rp-filter-strict'],
  targets: 'agent',
  inject: () => 'sysctl -q -w net.ipv4.conf.all.rp_filter=1',
  heal: () => 'sysctl -q -w net.ipv4.conf.all.rp_filter=0',
  check: () => '[ "$(sysctl -n net.ipv4.conf.all.rp_filter)" = 1 ]',
});
