import { describe, expect, it } from 'vitest';
import { judgeShared } from '../../../src/run/rollback/shared-things.js';
import type { Thing } from '../../../src/run/rollback/survey.js';

const file = (verdict: Thing['verdict'], saved: string, now: string): Thing => ({
  kind: 'file',
  name: '/etc/unit',
  verdict,
  saved,
  now,
});

/** What is to be done on host `a` for actions in the order of the way back, and what they will find. */
const judged = (things: Readonly<Record<string, Thing | undefined>>, undone: readonly string[] = []) => {
  const survey = new Map(
    Object.entries(things).map(([id, thing]) => [id, thing === undefined ? [] : [thing]] as const),
  );
  const seen = judgeShared(new Map([['a', survey]]), Object.keys(things), (_, id) => undone.includes(id));
  return Object.fromEntries(
    [...(seen.get('a') ?? [])].map(([id, [thing]]) => [id, thing && [thing.verdict, thing.now]]),
  );
};

describe('a thing that several actions changed', () => {
  it('is left alone where it is again what the first of them found', () => {
    expect(judged({ out: file('left', 'on', 'absent'), in: file('saved', 'absent', 'absent') })).toEqual({
      out: ['saved', 'absent'],
      in: ['saved', 'absent'],
    });
  });

  it('comes back for what was done while it was there, and goes again', () => {
    const things = {
      out: file('left', 'on', 'absent'),
      move: undefined,
      in: file('saved', 'absent', 'absent'),
    };
    expect(judged(things, ['move'])).toEqual({
      out: ['left', 'absent'],
      move: undefined,
      in: ['left', 'on'],
    });
    expect(judged(things, ['out', 'in'])).toMatchObject({ out: ['saved', 'absent'] });
  });

  it('does not come back where somebody else has taken it away', () => {
    const things = {
      second: file('foreign', 'one', 'absent'),
      move: undefined,
      first: file('saved', 'absent', 'absent'),
    };
    expect(judged(things, ['move'])).toMatchObject({ second: ['saved', 'absent'] });
  });

  it('is no other’s work for an earlier action: that finds what the later one found', () => {
    expect(judged({ third: file('left', '2', '3'), second: file('foreign', '1', '3') })).toEqual({
      third: ['left', '3'],
      second: ['left', '2'],
    });
  });

  it('is done for an earlier action when the later one had found it so', () => {
    expect(judged({ second: file('left', '1', '2'), first: file('foreign', '1', '2') })).toEqual({
      second: ['left', '2'],
      first: ['saved', '1'],
    });
  });

  it('is judged as the host says once the later action is taken back', () => {
    expect(judged({ second: file('saved', '1', '1'), first: file('left', '0', '1') })).toEqual({
      second: ['saved', '1'],
      first: ['left', '1'],
    });
  });

  it('keeps what is damaged, or not known', () => {
    expect(
      judged({
        third: file('left', '2', '3'),
        second: file('unknown', '1', '3'),
        first: file('damaged', '0', '3'),
      }),
    ).toEqual({ third: ['left', '3'], second: ['unknown', '2'], first: ['damaged', '3'] });
  });
});
