import { describe, expect, it } from 'vitest';
import { isInteractive, isLive, styleOf } from '../../src/cli/terminal-facts.js';

const tty = { isTTY: true, columns: 90 };
const pipe = { isTTY: false, columns: undefined };

describe('colour', () => {
  it.each([
    ['a terminal', tty, 'auto', {}, true],
    ['a pipe', pipe, 'auto', {}, false],
    ['NO_COLOR', tty, 'auto', { NO_COLOR: '1' }, false],
    ['an empty NO_COLOR', tty, 'auto', { NO_COLOR: '' }, true],
    ['FORCE_COLOR on a pipe', pipe, 'auto', { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR=0', tty, 'auto', { FORCE_COLOR: '0' }, false],
    ['a dumb terminal', tty, 'auto', { TERM: 'dumb' }, false],
    ['--color always on a pipe with NO_COLOR', pipe, 'always', { NO_COLOR: '1' }, true],
    ['--color never', tty, 'never', { FORCE_COLOR: '1' }, false],
  ] as const)('%s', (...[, stream, when, env, wanted]) => {
    expect(styleOf(stream, when, env).color).toBe(wanted);
  });
});

it('wraps at the terminal’s width, within reason', () => {
  expect(styleOf(tty, 'auto', {}).columns).toBe(90);
  expect(styleOf({ isTTY: true, columns: 300 }, 'auto', {}).columns).toBe(120);
  expect(styleOf({ isTTY: true, columns: 10 }, 'auto', {}).columns).toBe(40);
  expect(styleOf(pipe, 'auto', {}).columns).toBe(100);
});

it('uses symbols unless the console or the locale is known to lack them', () => {
  expect(styleOf(tty, 'auto', {}).unicode).toBe(true);
  expect(styleOf(tty, 'auto', { LANG: 'fr_FR.UTF-8' }).unicode).toBe(true);
  expect(styleOf(tty, 'auto', { LC_ALL: 'C', LANG: 'fr_FR.UTF-8' }).unicode).toBe(false);
  expect(styleOf(tty, 'auto', { TERM: 'linux' }).unicode).toBe(false);
});

it('redraws only on a terminal outside CI', () => {
  expect(isLive(tty, {})).toBe(true);
  expect(isLive(tty, { CI: 'true' })).toBe(false);
  expect(isLive(tty, { TERM: 'dumb' })).toBe(false);
  expect(isLive(pipe, {})).toBe(false);
});

it('asks only people: never in CI, in pipes or with --no-input; colour says nothing about it', () => {
  expect(isInteractive({ stdin: tty, stderr: tty }, { NO_COLOR: '1' }, false)).toBe(true);
  expect(isInteractive({ stdin: pipe, stderr: tty }, {}, false)).toBe(false);
  expect(isInteractive({ stdin: tty, stderr: tty }, { CI: '1' }, false)).toBe(false);
  expect(isInteractive({ stdin: tty, stderr: tty }, {}, true)).toBe(false);
});
