import { describe, expect, it } from 'vitest';
import { eventSchema } from '../../src/core/events/event.js';
import { htmlDocument } from '../../src/report/html.js';
import { errorsDocument } from '../../src/report/json.js';
import { jsonlRenderer } from '../../src/report/jsonl.js';
import { junitDocument } from '../../src/report/junit.js';
import { markdownDocument } from '../../src/report/markdown.js';
import { addEvent, emptyReport } from '../../src/report/report-state.js';
import { doctorScript } from './event-script.js';
import { play, sink } from './rig.js';

const report = doctorScript.reduce(addEvent, emptyReport);

describe('report documents', () => {
  it('writes JUnit with errors as failures and warnings as output', () => {
    const xml = junitDocument(report);
    expect(xml).toMatchSnapshot();
    expect(xml.match(/<failure /g)).toHaveLength(3);
  });

  it('writes Markdown', () => {
    expect(markdownDocument(report)).toMatchSnapshot();
  });

  it('writes one HTML file that fetches nothing', () => {
    const html = htmlDocument(report);
    expect(html).toMatchSnapshot();
    expect(/(src|href)=|@import|url\(|<script/.test(html)).toBe(false);
  });

  it('escapes what hosts say', () => {
    const nasty = addEvent(report, {
      type: 'note',
      level: 'info',
      text: 'x',
    });
    const finding = { ...report.findings[0]!, title: '<img src=x onerror=alert(1)> & | `code`' };
    const html = htmlDocument({ ...nasty, findings: [finding] });
    expect(html).not.toContain('<img');
    expect(junitDocument({ ...nasty, findings: [finding] })).toContain('&lt;img');
    expect(markdownDocument({ ...nasty, findings: [finding] })).toContain('\\<img');
  });

  it('writes every event as one JSON line, the version first', () => {
    const out = sink();
    play(jsonlRenderer(out.write), doctorScript);
    const lines = out
      .text()
      .trimEnd()
      .split('\n')
      .map((line) => eventSchema.parse(JSON.parse(line)));
    expect(lines).toEqual(doctorScript);
    expect(lines[0]?.type).toBe('version');
  });

  it('prints errors as JSON only when there are any', () => {
    expect(errorsDocument(report)).toBe('');
    const failed = addEvent(report, {
      type: 'diagnostic',
      severity: 'error',
      error: { code: 'x', message: 'y' },
    });
    expect(JSON.parse(errorsDocument(failed))).toMatchObject({
      kind: 'Errors',
      errors: [{ code: 'x', message: 'y' }],
    });
  });
});
