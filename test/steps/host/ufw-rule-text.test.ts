import { expect, it } from 'vitest';
import { ruleTexts } from '../../../src/steps/host/ufw-rule-text.js';
import { ufwRules } from '../../../src/steps/host/ufw-rules.js';

const rule = (part: object) => ({
  direction: 'in' as const,
  protocol: 'tcp' as const,
  ports: ['10250'],
  from: 'any',
  to: 'any',
  reason: 'node',
  ...part,
});

it('tells rules that differ in their source alone in one line', () => {
  const rules = ufwRules([
    rule({ from: '10.0.0.1' }),
    rule({ from: '10.0.0.2' }),
    rule({ ports: ['80', '443'] }),
    rule({ protocol: 'any', ports: [], from: '10.42.0.0/16' }),
    rule({ protocol: 'any', ports: [], direction: 'route', to: '10.42.0.0/16' }),
  ]);
  expect(ruleTexts(rules.map(({ tuple }) => tuple))).toEqual([
    'allow in tcp 10250 from 10.0.0.1, 10.0.0.2',
    'allow in tcp 80,443 from anywhere',
    'allow in everything from 10.42.0.0/16',
    'allow through everything to 10.42.0.0/16 from anywhere',
  ]);
});
