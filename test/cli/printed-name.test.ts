import { expect, it } from 'vitest';
import { runnable } from '../../src/cli/printed-name.js';

const text = 'next  drover explain swap-on\n(`drover doctor --lab`), drovers and drover itself';

it('prints commands as they run through npx', () => {
  expect(runnable(text, { npm_command: 'exec' })).toBe(
    'next  npx drover explain swap-on\n(`npx drover doctor --lab`), drovers and drover itself',
  );
  expect(runnable('next  \u001b[1mdrover lab up\u001b[22m', { npm_command: 'exec' })).toBe(
    'next  \u001b[1mnpx drover lab up\u001b[22m',
  );
  expect(runnable('drover lab up', { npm_command: 'start' })).toBe('npx drover lab up');
});

it('leaves them alone for those who installed Drover', () => {
  expect(runnable(text, {})).toBe(text);
});

it('does not touch what says npx already', () => {
  expect(runnable('npx drover doctor', { npm_command: 'exec' })).toBe('npx drover doctor');
});
