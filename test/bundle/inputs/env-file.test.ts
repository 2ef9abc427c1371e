import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEnvFile } from '../../../src/bundle/inputs/env-file.js';

const read = (text: string) => Object.fromEntries(parseEnvFile('.envrc', text).variables);
const value = (text: string) => ({ kind: 'value', value: text });

describe('a file of variables', () => {
  it('is read as a shell would, without being executed', () => {
    const text = [
      '# comment',
      'A=plain',
      'export B="with \\"quotes\\" and \\$dollar"',
      "C='single $HOME `x`'",
      'D="-----BEGIN KEY-----',
      'line two',
      '-----END KEY-----"  # a comment',
      'E=',
      'F=a#b',
      '  export G=last # note\r',
    ].join('\n');
    expect(read(text)).toEqual({
      A: value('plain'),
      B: value('with "quotes" and $dollar'),
      C: value('single $HOME `x`'),
      D: value('-----BEGIN KEY-----\nline two\n-----END KEY-----'),
      E: value(''),
      F: value('a#b'),
      G: value('last'),
    });
  });

  it.each(['A=$(cat /etc/passwd)', 'A=`id`', 'A="${HOME}/x"', 'A=$B', 'A=a;rm', 'A="a"b', "A='x' y"])(
    'does not execute %s',
    (text) => {
      expect(read(text)).toMatchObject({ A: { kind: 'unreadable', reason: 'it would have to be executed' } });
    },
  );

  it('goes on after a line that it cannot read, and tells which lines are commands', () => {
    const file = parseEnvFile('.envrc', 'use nix\nA=$(x)\nB=1\nsource_env ..\n');
    expect([...file.variables.keys()]).toEqual(['A', 'B']);
    expect(file.ignored.map(({ line }) => line)).toEqual([1, 4]);
  });

  it('shows no text of a line in its places', () => {
    expect(JSON.stringify(parseEnvFile('.envrc', 'PASSWORD="hunter2$(x)"\nrun hunter2'))).not.toContain(
      'hunter2',
    );
  });

  it('gives back every value in quotes, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const plain = text.replaceAll('\r', '');
        const quoted = plain.replaceAll(/["\\$`]/g, '\\$&');
        expect(read(`X="${quoted}"\nY='${plain.replaceAll("'", '')}'\n`)).toEqual({
          X: value(plain),
          Y: value(plain.replaceAll("'", '')),
        });
      }),
    );
  });
});
