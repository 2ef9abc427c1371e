import { expect, it } from 'vitest';
import type { Transport } from '../../src/core/ports/transport.js';
import { err, ok } from '../../src/core/result.js';
import { collectHost } from '../../src/facts/collect-host.js';
import { systemClock } from '../support/ports.js';

const target = { name: 'alpha', address: '10.0.0.1' };
const options = { clock: systemClock, key: new Uint8Array(32), nonce: 'n' };
const answering = (run: Transport['run']): Transport => ({
  run,
  open: () => Promise.reject(new Error('no sessions')),
  dispose: () => Promise.resolve(),
});

it('records a host that cannot be reached, with the reason', async () => {
  const failure = { kind: 'refused', host: 'alpha', detail: 'Connection refused', notStarted: true } as const;
  const collected = await collectHost(
    answering(() => Promise.resolve(err(failure))),
    target,
    options,
  );
  expect(collected.failure).toBe(failure);
  expect(collected.facts).toEqual({
    name: 'alpha',
    address: '10.0.0.1',
    role: 'unknown',
    contact: { state: 'failed', failure: 'refused', detail: 'Connection refused' },
    sections: {},
  });
});

it('keeps at most 64 KiB of raw output and says what was cut, and names unanswered questions', async () => {
  const rows = 'MemTotal: 1000 kB\n'.repeat(5000);
  const stdout = `drover-section-n begin memory 1.00\n${rows}\ndrover-section-n end memory 1.01 0\n`;
  const output = {
    status: 0,
    stdout: Buffer.from(stdout),
    stderr: Buffer.alloc(0),
    durationMs: 20,
    readyMs: 10,
  };
  const { facts } = await collectHost(
    answering(() => Promise.resolve(ok(output))),
    target,
    { ...options, only: ['memory', 'cpu'] },
  );
  expect(facts.contact).toEqual({ state: 'reached', connectMs: 10 });
  expect(facts.sections.memory?.raw).toMatch(/\n\[cut: 24464 more characters\]$/);
  expect(facts.sections.memory?.value).toEqual({ totalKiB: 1000, availableKiB: 0 });
  expect(facts.sections.cpu).toMatchObject({ error: 'the host did not answer this question' });
});
