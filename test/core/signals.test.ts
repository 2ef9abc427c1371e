import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { joinSignals } from '../../src/core/signals.js';

describe('joinSignals', () => {
  it('aborts with the reason of whichever source aborts first', () => {
    const first = new AbortController();
    const second = new AbortController();
    const joined = joinSignals([first.signal, undefined, second.signal]);
    expect(joined.signal.aborted).toBe(false);
    second.abort('lost');
    first.abort('later');
    expect(joined.signal.reason).toBe('lost');
    expect(joined.timedOut()).toBe(false);
  });

  it('is aborted from the start when a source already is', () => {
    expect(joinSignals([AbortSignal.abort('gone')], 60_000).signal.reason).toBe('gone');
  });

  it('aborts after its limit and says that it was the limit', async () => {
    const joined = joinSignals([new AbortController().signal], 1);
    await once(joined.signal, 'abort');
    expect(joined.timedOut()).toBe(true);
    expect((joined.signal.reason as Error).name).toBe('TimeoutError');
  });

  it('stays quiet once it is released', () => {
    const source = new AbortController();
    const joined = joinSignals([source.signal], 60_000);
    joined.release();
    source.abort();
    expect(joined.signal.aborted).toBe(false);
  });
});
