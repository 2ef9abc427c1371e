import { describe, expect, it } from 'vitest';
import { nextApply } from '../../src/cli/next-apply.js';

const REAL = { kind: 'real' } as const;
const flags = { file: 'c.yaml', limit: ['agents'], only: 'network', ignore: ['disk-full', 'clock-skew'] };

describe('the command that applies a plan that was shown', () => {
  it('names what the plan was limited to, so that nothing else is applied', () => {
    expect(nextApply('apply', { positionals: [], flags }, { realm: REAL, out: undefined })).toBe(
      'drover apply -f c.yaml --limit agents --only network --ignore disk-full --ignore clock-skew',
    );
  });

  it('names the saved plan, which knows that itself', () => {
    const realm = { kind: 'lab', name: 'keybuzz' } as const;
    expect(nextApply('apply', { positionals: [], flags }, { realm, out: 'plan.json' })).toBe(
      'drover apply plan.json -f c.yaml --lab keybuzz',
    );
  });
});
