import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EtcdMember, mayDisrupt, quorumOf } from '../../src/run/quorum.js';

const member = (name: string, part: Partial<EtcdMember> = {}): EtcdMember => ({
  name,
  learner: false,
  healthy: true,
  ...part,
});

describe('mayDisrupt', () => {
  it('lets one of three healthy voters go', () => {
    expect(mayDisrupt([member('a'), member('b'), member('c')], 'a')).toEqual({ kind: 'safe' });
  });

  it('counts registered voters, reachable or not', () => {
    const five = [
      member('a'),
      member('b'),
      member('c'),
      member('d', { healthy: false }),
      member('e', { healthy: false }),
    ];
    expect(mayDisrupt(five, 'a')).toMatchObject({ kind: 'refused' });
    expect(mayDisrupt(five, 'd')).toEqual({ kind: 'safe' });
  });

  it('is blocked by a learner, but for its own removal', () => {
    const members = [member('a'), member('b'), member('c'), member('new', { learner: true })];
    expect(mayDisrupt(members, 'a')).toMatchObject({ kind: 'refused' });
    expect(mayDisrupt(members, 'new', 'remove-learner')).toEqual({ kind: 'safe' });
  });

  it('asks for consent with one or two voters', () => {
    expect(mayDisrupt([member('a')], 'a').kind).toBe('needs-consent');
    expect(mayDisrupt([member('a'), member('b')], 'b').kind).toBe('needs-consent');
  });

  it('never calls safe what leaves less than a quorum', () => {
    const members = fc.uniqueArray(
      fc.record({ name: fc.string(), learner: fc.boolean(), healthy: fc.boolean() }),
      { selector: ({ name }) => name, minLength: 1 },
    );
    fc.assert(
      fc.property(members, fc.nat(), (all, at) => {
        const leaving = all[at % all.length]!;
        if (leaving.learner || mayDisrupt(all, leaving.name).kind !== 'safe') return;
        const left = all.filter(({ learner, healthy, name }) => !learner && healthy && name !== leaving.name);
        expect(left.length).toBeGreaterThanOrEqual(quorumOf(all));
      }),
    );
  });
});
