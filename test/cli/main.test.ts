import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAIN = join(import.meta.dirname, '..', '..', 'dist', 'cli', 'main.js');
const cwd = mkdtempSync(join(tmpdir(), 'drover-cli-'));

beforeAll(() => {
  if (!existsSync(MAIN)) throw new Error('run `npm run build` first: these tests run the built program');
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const drover = (args: readonly string[], env: Record<string, string> = {}) => {
  const run = spawnSync(process.execPath, [MAIN, ...args], {
    cwd,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: cwd, ...env },
  });
  return { status: run.status, stdout: run.stdout, stderr: run.stderr };
};

describe('the program', () => {
  it('shows help on stdout and ends well', () => {
    const { status, stdout, stderr } = drover(['--help']);
    expect(status).toBe(0);
    expect(stdout).toContain('Usage: drover COMMAND');
    expect(stderr).toBe('');
  });

  it('ends with 64 on wrong usage and keeps stdout empty', () => {
    expect(drover(['explan'])).toMatchInlineSnapshot(`
      {
        "status": 64,
        "stderr": "error[bad-usage] unknown command 'explan'
        state: nothing was done
        hint:  did you mean explain?
        docs:  drover explain bad-usage
      ",
        "stdout": "",
      }
    `);
  });

  it('answers in JSON when JSON was asked for, also when it fails', () => {
    const failed = drover(['explain', 'no-such', '-o', 'json']);
    expect(failed.status).toBe(64);
    expect(JSON.parse(failed.stdout)).toMatchObject({ kind: 'Errors', errors: [{ code: 'unknown-code' }] });
    expect(JSON.parse(drover(['version', '--bad', '-o', 'json']).stdout)).toMatchObject({
      errors: [{ code: 'bad-usage' }],
    });
    expect(JSON.parse(drover(['version', '-o', 'json']).stdout)).toHaveProperty('drover');
  });

  it('explains its own codes', () => {
    expect(drover(['explain', 'bad-usage']).stdout).toContain('exit code 64');
    expect(drover(['explain', 'bad-usge']).stderr).toContain('did you mean bad-usage?');
  });

  it('writes events to a log file', () => {
    drover(['explain', 'no-such', '--log-file', 'log.jsonl']);
    const lines = readFileSync(join(cwd, 'log.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    expect(lines.map(({ type }) => type)).toEqual(['version', 'diagnostic']);
  });

  it('refuses a log file that it cannot write, a directory that it cannot enter', () => {
    expect(drover(['version', '--log-file', '/nowhere/log'])).toMatchObject({ status: 64, stdout: '' });
    expect(drover(['-C', '/nowhere', 'version']).stderr).toContain("--chdir: cannot enter '/nowhere'");
  });

  it('does not believe a realm that it is not in', () => {
    const { status, stderr } = drover(['version'], { DROVER_REALM: 'lab/none' });
    expect(status).not.toBe(0);
    expect(stderr).toContain('error[lab-not-found]');
  });

  it('survives a reader that stops reading', () => {
    const run = spawnSync('sh', ['-c', `'${process.execPath}' '${MAIN}' explain -o json | head -c 10`], {
      encoding: 'utf8',
    });
    expect(run.stdout).toHaveLength(10);
    expect(run.stderr).toBe('');
  });
});

it('starts within 150 ms above bare node', () => {
  const time = (args: readonly string[]): number => {
    const times = Array.from({ length: 7 }, () => {
      const begin = performance.now();
      spawnSync(process.execPath, [...args], { cwd });
      return performance.now() - begin;
    });
    return Math.min(...times);
  };
  const bare = time(['-e', '0']);
  expect(time([MAIN, '--help']) - bare).toBeLessThan(150);
});
