import { describe, expect, it } from 'vitest';
import { githubRenderer } from '../../src/report/github.js';
import { plainRenderer } from '../../src/report/plain.js';
import { quietRenderer } from '../../src/report/quiet.js';
import { terminalRenderer } from '../../src/report/terminal.js';
import { doctorScript } from './event-script.js';
import { manualTime, narrow, plainStyle, play, sink } from './rig.js';
import { screenOf } from './screen.js';

describe('append-only progress', () => {
  it('writes lines with the time', () => {
    const out = sink();
    const { now, every } = manualTime();
    play(plainRenderer({ style: plainStyle, write: out.write, now, every, verbose: false }), doctorScript);
    expect(out.text()).toMatchSnapshot();
  });

  it('says what it is waiting for after half a minute of silence, and again', () => {
    const out = sink();
    const { now, every, advance } = manualTime();
    const renderer = plainRenderer({ style: plainStyle, write: out.write, now, every, verbose: false });
    for (const event of doctorScript.slice(1, 6)) renderer.on(event);
    const before = out.text().length;
    advance(29_000);
    expect(out.text().slice(before)).toBe('');
    advance(70_000);
    expect(out.text().slice(before)).toMatchInlineSnapshot(`
      "03:04:35 still at reading facts, 30 s: waiting for k3s-master-01, k3s-master-02, k3s-worker-01 and k3s-worker-02
      03:05:05 still at reading facts, 1m00s: waiting for k3s-master-01, k3s-master-02, k3s-worker-01 and k3s-worker-02
      03:05:35 still at reading facts, 1m30s: waiting for k3s-master-01, k3s-master-02, k3s-worker-01 and k3s-worker-02
      "
    `);
    renderer.close();
    const closed = out.text().length;
    advance(70_000);
    expect(out.text().length).toBe(closed);
  });

  it('names work that has no phase once', () => {
    const out = sink();
    const { now, every, advance } = manualTime();
    const renderer = plainRenderer({ style: plainStyle, write: out.write, now, every, verbose: false });
    renderer.on({ type: 'waiting', what: 'lab engine to compile', sinceMs: 0, last: '7 of 9 packages' });
    advance(31_000);
    expect(out.text()).toBe('03:04:35 still at lab engine to compile, last: 7 of 9 packages, 30 s\n');
    renderer.close();
  });
});

describe('live progress on a terminal', () => {
  const options = () => {
    const out = sink();
    const time = manualTime();
    const style = { ...narrow };
    return {
      out,
      time,
      renderer: terminalRenderer({
        style,
        write: out.write,
        now: time.now,
        every: time.every,
        verbose: false,
      }),
    };
  };

  it('shows one line per host while it runs', () => {
    const { out, time, renderer } = options();
    for (const event of doctorScript.slice(0, 8)) renderer.on(event);
    time.advance(300);
    expect(screenOf(out.text())).toMatchInlineSnapshot(`
      "✓ k3s-master-01  10.0.0.100 · Debian 13 · Linux 6.12 · 4 CPUs · 8 GiB     0.8 s
      ⠸ reading facts 1/4, 0.3 s
        k3s-master-02  
        k3s-worker-01  connecting
        k3s-worker-02"
    `);
  });

  it('leaves one line per host, and nothing live', () => {
    const { out, renderer } = options();
    play(renderer, doctorScript);
    expect(screenOf(out.text())).toMatchSnapshot();
  });

  it('never draws a live line wider than the terminal', () => {
    const { out, time, renderer } = options();
    renderer.on({ type: 'phase-start', phase: 'facts', title: 'reading facts', total: 200 });
    for (let i = 0; i < 200; i += 1) {
      renderer.on({ type: 'host-start', phase: 'facts', host: `host-${i}` });
      renderer.on({ type: 'host-progress', phase: 'facts', host: `host-${i}`, text: 'x'.repeat(300) });
    }
    time.advance(200);
    const lines = screenOf(out.text()).split('\n');
    expect(lines.length).toBeLessThan(15);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(80);
    expect(lines.at(-1)).toContain('190 more hosts');
    renderer.close();
    expect(screenOf(out.text())).toBe('');
  });
});

it('annotates findings and diagnostics for GitHub', () => {
  const out = sink();
  play(githubRenderer(out.write), doctorScript);
  expect(out.text()).toMatchSnapshot();
});

it('keeps quiet about everything but diagnostics', () => {
  const out = sink();
  play(quietRenderer(plainStyle, out.write), doctorScript);
  expect(out.text()).toMatchInlineSnapshot(`
    "warning[spec-even-servers] two servers survive no failure
      --> drover.yaml:12:5
         |
      12 |     hosts: servers.tsv
         |     ^^^^^ two rows have the role server
      hint:  use one or three servers
      docs:  drover explain spec-even-servers
    "
  `);
});
