import { expect, it } from 'vitest';
import { exitCodeOf } from '../../src/cli/exit.js';

it('ends with the reason of the outcome, else that of its first error', async () => {
  expect(await exitCodeOf({ exit: 'ok' }, undefined)).toBe(0);
  expect(await exitCodeOf({ exit: 'preflight' }, undefined)).toBe(11);
  expect(await exitCodeOf({ errors: [{ code: 'ssh-unreachable', message: 'x' }] }, undefined)).toBe(12);
  expect(
    await exitCodeOf({ exit: 'spec', errors: [{ code: 'ssh-unreachable', message: 'x' }] }, undefined),
  ).toBe(10);
  expect(await exitCodeOf({ errors: [{ code: 'no-such-code', message: 'x' }] }, undefined)).toBe(1);
});

it('ends with 1 after a bug', async () => {
  expect(await exitCodeOf(undefined, undefined)).toBe(1);
});

it('ends with the signal’s code unless the command got to its good end anyway', async () => {
  expect(await exitCodeOf({ exit: 'preflight' }, 'interrupted')).toBe(130);
  expect(await exitCodeOf({ errors: [{ code: 'x', message: 'x' }] }, 'terminated')).toBe(143);
  expect(await exitCodeOf({ exit: 'ok' }, 'interrupted')).toBe(0);
});
