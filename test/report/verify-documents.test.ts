import { expect, it } from 'vitest';
import { emptyReport } from '../../src/report/report-state.js';
import { verifyHtml } from '../../src/report/verify-html.js';
import { verifyJunit } from '../../src/report/verify-junit.js';
import { verifyMarkdown } from '../../src/report/verify-markdown.js';
import { verifyReport } from './verify-script.js';

const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;

it('writes JUnit with a case per check and pair, and sections without management as skipped', () => {
  const xml = verifyJunit(verifyReport);
  expect(xml).toMatchSnapshot();
  expect(count(xml, /<testcase /g)).toBe(verifyReport.checks.length);
  expect(count(xml, /<failure /g)).toBe(6);
  expect(count(xml, /<skipped /g)).toBe(3);
});

it('writes Markdown with a table of pairs', () => {
  const text = verifyMarkdown(verifyReport);
  expect(text).toMatchSnapshot();
  expect(text).toContain('| agent-1 | ✗ | ✓ |');
  expect(text).toContain('| server-1 | ✓ | ◐ |');
});

it('writes one HTML file that fetches nothing, with each pair as a cell of a picture', () => {
  const html = verifyHtml(verifyReport);
  expect(html).toMatchSnapshot();
  expect(/(src|href)=|@import|url\(|<script/.test(html)).toBe(false);
  expect(html).not.toContain('<b>wget');
  expect(count(html, /<svg /g)).toBe(3);
  expect(count(html, /<g class="pair pass">/g)).toBe(2 + 4 + 1);
  expect(count(html, /<g class="pair large">/g)).toBe(1 + 1);
  expect(count(html, /<g class="pair fail">/g)).toBe(1 + 1);
});

it('draws each address, who called it, and what came back, a bad certificate apart', () => {
  const html = verifyHtml(verifyReport);
  expect(html).toContain('<title>https://shop.example/ → agent-1: status 503, wanted 200</title>');
  expect(html).toMatch(/<g class="pair large"><title>https:\/\/shop\.example\/ → outside: it answers, but/);
  expect(verifyMarkdown(verifyReport)).toContain('| https://shop.example/ | ◐ | ✓ | ✗ |');
});

it('shows nodes whose probes did not run as not measured', () => {
  const probe = { check: 'probe-pods', title: 'Probes run', status: 'fail', detail: 'Pending' } as const;
  const html = verifyHtml({
    ...verifyReport,
    checks: [...verifyReport.checks, { ...probe, node: 'agent-2' }],
  });
  expect(count(html, /<g class="pair unknown">/g)).toBe(2 * 5);
});

it('says so when the verification did not finish', () => {
  for (const render of [verifyHtml, verifyMarkdown])
    expect(render(emptyReport)).toContain('The verification did not finish.');
});
