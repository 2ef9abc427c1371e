import { expect, it } from 'vitest';
import { speakingOf } from '../../../src/app/doctor/speaking.js';
import type { HostFacts } from '../../../src/facts/model/host-facts.js';
import type { Link } from '../../../src/facts/model/network.js';

const link = (name: string, kind: string, up = true): Link => ({ name, kind, up, mtu: 1480, addresses: [] });

const host = (name: string, links: readonly Link[]): HostFacts => ({
  name,
  address: '10.0.0.1',
  role: 'agent',
  contact: { state: 'reached', connectMs: 1 },
  sections: { links: { at: '2026-01-01T00:00:00.000Z', value: [...links], raw: '' } },
});

it('tells which raw protocols the tunnels of each host speak', () => {
  const facts = [
    host('a', [link('tunl0', 'ipip'), link('t1', 'ipip'), link('g1', 'gretap')]),
    host('b', [link('tunl0', 'ipip', false), link('flannel.1', 'vxlan')]),
    host('c', [link('gre1', 'gre')]),
  ];
  expect(speakingOf(facts)).toEqual({ a: [4, 47], c: [47] });
});

it('knows nothing of hosts without facts', () => {
  expect(speakingOf([{ ...host('a', []), sections: {} }])).toEqual({});
});
