import { describe, expect, it } from 'vitest';
import { together } from '../../src/core/together.js';

/** Answers only when told to; remembers what was asked. */
const slow = () => {
  const asked: (readonly string[])[] = [];
  const ends: { readonly answer: () => void; readonly fail: () => void }[] = [];
  const ask = together((keys: readonly string[]) => {
    asked.push(keys);
    return new Promise<number>((resolve, reject) => {
      const at = asked.length;
      ends.push({ answer: () => resolve(at), fail: () => reject(new Error(`no answer ${at}`)) });
    });
  });
  return { ask, asked, ends };
};

const { signal } = new AbortController();
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('questions that are asked together', () => {
  it('are one question when they come at the same time', async () => {
    const { ask, asked, ends } = slow();
    const answers = [ask('a', signal), ask('b', signal)];
    await settled();
    expect(asked).toEqual([['a', 'b']]);
    ends[0]?.answer();
    expect(await Promise.all(answers)).toEqual([1, 1]);
  });

  it('wait for the next answer while one is under way, which may be too old', async () => {
    const { ask, asked, ends } = slow();
    const first = ask('a', signal);
    await settled();
    const later = [ask('b', signal), ask('c', signal)];
    await settled();
    expect(asked).toEqual([['a']]);
    ends[0]?.answer();
    expect(await first).toBe(1);
    await settled();
    expect(asked).toEqual([['a'], ['b', 'c']]);
    ends[1]?.answer();
    expect(await Promise.all(later)).toEqual([2, 2]);
  });

  it('fail together, and those that come after them do not', async () => {
    const { ask, ends } = slow();
    const first = [ask('a', signal), ask('b', signal)];
    await settled();
    const later = ask('c', signal);
    ends[0]?.fail();
    await expect(Promise.all(first)).rejects.toThrow('no answer 1');
    await settled();
    ends[1]?.answer();
    expect(await later).toBe(2);
  });

  it('leave alone who does not wait any longer', async () => {
    const { ask, ends } = slow();
    const impatient = new AbortController();
    const answers = [ask('a', impatient.signal), ask('b', signal)];
    await settled();
    impatient.abort();
    expect(await answers[0]).toBeUndefined();
    expect(await ask('c', impatient.signal)).toBeUndefined();
    ends[0]?.answer();
    expect(await answers[1]).toBe(1);
  });
});
