import { describe, expect, it } from 'vitest';
import { errorText } from '../../src/report/error-text.js';
import { narrow, plainStyle } from './rig.js';

const location = { file: 'cluster.yaml', line: 41, column: 7, length: 4, text: '  - name: cp-2' };

describe('an error for a person', () => {
  it('says what, where, why, what state the world is in and how to go on', () => {
    const text = errorText(plainStyle, 'error', {
      code: 'spec-duplicate-name',
      message: 'two hosts have the name cp-2',
      location: { ...location, column: 11 },
      label: 'also on line 37',
      cause: 'host names become node names',
      state: 'nothing was done',
      hint: 'give one of them another name',
    });
    expect(text).toMatchInlineSnapshot(`
      "error[spec-duplicate-name] two hosts have the name cp-2
        --> cluster.yaml:41:11
           |
        41 |   - name: cp-2
           |           ^^^^ also on line 37
        cause: host names become node names
        state: nothing was done
        hint:  give one of them another name
        docs:  drover explain spec-duplicate-name"
    `);
  });

  it('names its host once', () => {
    const error = { code: 'x', message: 'The host does not answer', host: 'db-1' };
    expect(errorText(plainStyle, 'error', error)).toContain('error[x] db-1: The host does not answer\n');
    const named = errorText(plainStyle, 'error', { ...error, message: 'db-1 does not answer' });
    expect(named).toContain('error[x] db-1 does not answer\n');
  });

  it('keeps tabs before the caret, so that it stands where an editor shows it', () => {
    const text = errorText(plainStyle, 'error', {
      code: 'x',
      message: 'bad address',
      location: { file: 'servers.tsv', line: 3, column: 9, length: 10, text: 'a\tk3s-1\t10.0.0.300' },
    });
    expect(text.split('\n')[4]).toBe('     |  \t     \t^^^^^^^^^^');
  });

  it('draws no caret beyond the line', () => {
    const text = errorText(plainStyle, 'error', {
      code: 'x',
      message: 'y',
      location: { ...location, length: 500 },
    });
    expect(text).toContain(`       ${'^'.repeat(8)}`);
    expect(text).not.toContain('^'.repeat(9));
  });

  it('wraps long texts under their label', () => {
    const text = errorText(narrow, 'warning', { code: 'x', message: 'y', cause: 'word '.repeat(40).trim() });
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(text.split('\n')[2]).toMatch(/^ {9}word/);
  });
});
