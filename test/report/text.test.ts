import { describe, expect, it } from 'vitest';
import { doctorText } from '../../src/report/doctor-text.js';
import { width } from '../../src/report/layout.js';
import { addEvent, emptyReport } from '../../src/report/report-state.js';
import { doctorScript } from './event-script.js';
import { ascii, narrow, plainStyle } from './rig.js';

const report = doctorScript.reduce(addEvent, emptyReport);

describe('the doctor’s report as text', () => {
  it('shows findings by importance, the verdict table and one next command', () => {
    expect(doctorText(plainStyle, report, { full: false })).toMatchSnapshot();
  });

  it('fits 80 columns', () => {
    const text = doctorText(narrow, report, { full: false });
    expect(text).toMatchSnapshot();
    expect(Math.max(...text.split('\n').map(width))).toBeLessThanOrEqual(80);
  });

  it('keeps every mark in plain ASCII', () => {
    const text = doctorText(ascii, report, { full: true });
    expect(text).toMatchSnapshot();
    expect(/[✓✗▸└…]/.test(text)).toBe(false);
  });

  it('says that nothing is wrong when nothing is', () => {
    const clean = addEvent(emptyReport, {
      type: 'doctor-summary',
      hosts: 3,
      unreachable: [],
      errors: 0,
      warnings: 0,
      infos: 0,
      ignored: [],
      durationMs: 2100,
      next: 'drover init',
    });
    expect(doctorText(plainStyle, clean, { full: false })).toMatchInlineSnapshot(`
      "✓ Nothing is wrong on 3 hosts, measured in 2.1 s

      next         drover init
      "
    `);
  });

  it('has the same words with and without colour', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what is removed
    const strip = (text: string): string => text.replace(/\u001b\[\d+m/g, '');
    const colored = doctorText({ ...plainStyle, color: true }, report, { full: false });
    expect(colored).not.toBe(strip(colored));
    expect(strip(colored)).toBe(doctorText(plainStyle, report, { full: false }));
  });
});
