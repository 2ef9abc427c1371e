import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { watchSignals } from '../../src/cli/signals.js';

const rig = () => {
  const process = new EventEmitter();
  const said: string[] = [];
  const ended: string[] = [];
  const signals = watchSignals(process, {
    say: (text) => said.push(text),
    end: (reason) => ended.push(reason),
  });
  return { process, said, ended, signals };
};

it('aborts on the first signal, says so, and ends at once on the second', () => {
  const { process, said, ended, signals } = rig();
  expect(signals.signal.aborted).toBe(false);
  process.emit('SIGINT');
  expect(signals.signal.aborted).toBe(true);
  expect(signals.reason()).toBe('interrupted');
  expect(said).toEqual(['interrupted: ending what runs and cleaning up; once more ends at once']);
  expect(ended).toEqual([]);
  process.emit('SIGINT');
  expect(ended).toEqual(['interrupted']);
});

it('lets running work finish first, then cuts it off, then ends, where a command can do that', () => {
  const { process, said, ended, signals } = rig();
  const hard = signals.hard();
  process.emit('SIGINT');
  expect([signals.signal.aborted, hard.aborted]).toEqual([true, false]);
  process.emit('SIGINT');
  expect(hard.aborted).toBe(true);
  expect(ended).toEqual([]);
  process.emit('SIGINT');
  expect(ended).toEqual(['interrupted']);
  expect(said).toEqual([
    'interrupted: nothing new is started, what runs may finish; once more cuts it off, resume joins it',
    'interrupted again: cutting off what runs; once more ends at once',
  ]);
});

it('tells SIGTERM from SIGINT', () => {
  const { process, signals } = rig();
  process.emit('SIGTERM');
  expect(signals.reason()).toBe('terminated');
});

it('lets go of the process when the command is over', () => {
  const { process, signals } = rig();
  signals.dispose();
  process.emit('SIGINT');
  expect(signals.signal.aborted).toBe(false);
  expect(process.listenerCount('SIGTERM')).toBe(0);
});
