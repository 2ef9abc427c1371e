import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type FirewallRule,
  familyOfTuple,
  isOwnTuple,
  rulesText,
  ufwRules,
} from '../../../src/steps/host/ufw-rules.js';

const rule = (part: Partial<FirewallRule>): FirewallRule => ({
  direction: 'in',
  protocol: 'any',
  ports: [],
  from: 'any',
  to: 'any',
  reason: 'r',
  ...part,
});

const lines = (part: Partial<FirewallRule>) =>
  ufwRules([rule(part)]).map(({ tuple, kernel }) => `${tuple.replace(/ comment=.*/, '')} | ${kernel}`);

describe('ufwRules', () => {
  it.each<[Partial<FirewallRule>, string[]]>([
    [
      { protocol: 'tcp', ports: ['22'] },
      [
        'allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in | -A ufw-user-input -p tcp --dport 22 -j ACCEPT',
        'allow tcp 22 ::/0 any ::/0 in | -A ufw6-user-input -p tcp --dport 22 -j ACCEPT',
      ],
    ],
    [
      { protocol: 'tcp', ports: ['2379:2380', '6443'], from: '10.0.0.5/32' },
      [
        'allow tcp 2379:2380,6443 0.0.0.0/0 any 10.0.0.5 in | -A ufw-user-input -p tcp -m multiport --dports 2379:2380,6443 -s 10.0.0.5 -j ACCEPT',
      ],
    ],
    [
      { from: '10.42.7.0/16' },
      ['allow any any 0.0.0.0/0 any 10.42.0.0/16 in | -A ufw-user-input -s 10.42.0.0/16 -j ACCEPT'],
    ],
    [
      { direction: 'route', to: 'FD00:0::/64' },
      ['route:allow any any fd00::/64 any ::/0 in | -A ufw6-user-forward -d fd00::/64 -j ACCEPT'],
    ],
    [
      { protocol: 'udp', ports: ['30000:32767'], from: 'fd00::5' },
      [
        'allow udp 30000:32767 ::/0 any fd00::5 in | -A ufw6-user-input -p udp -m multiport --dports 30000:32767 -s fd00::5 -j ACCEPT',
      ],
    ],
  ])('%j', (part, expected) => {
    expect(lines(part)).toEqual(expected);
  });

  it('marks every rule as Drover’s, in the family whose file it goes to', () => {
    const part = fc.record({
      direction: fc.constantFrom('in' as const, 'route' as const),
      protocol: fc.constantFrom('tcp' as const, 'udp' as const),
      ports: fc.array(fc.integer({ min: 1, max: 65535 }).map(String), { minLength: 1, maxLength: 5 }),
      from: fc.oneof(fc.constant('any'), fc.ipV4(), fc.ipV6()),
      reason: fc.string(),
    });
    fc.assert(
      fc.property(part, (one) => {
        const made = ufwRules([rule(one)]);
        expect(made.length).toBeGreaterThan(0);
        for (const each of made) {
          expect(isOwnTuple(each.tuple)).toBe(true);
          expect(familyOfTuple(each.tuple)).toBe(each.family);
          expect(rulesText(made, each.family).split('\n')).toContain(each.kernel);
          expect(each.tuple).toMatch(/^[\x20-\x7e]+$/);
        }
      }),
    );
  });
});
