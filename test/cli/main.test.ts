import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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

/** Reports every module that the program resolves on stderr, one per line. */
const REPORT_IMPORTS = `data:text/javascript,${encodeURIComponent(`
  import { register } from 'node:module';
  register('data:text/javascript,' + encodeURIComponent(\`
    import { writeSync } from 'node:fs';
    export const resolve = async (specifier, context, next) => {
      const found = await next(specifier, context);
      writeSync(2, found.url + '\\\\n');
      return found;
    };
  \`));
`)}`;

/** Libraries of which a file of the program has parts: the bundler names where everything came from. */
const librariesIn = (url: string): readonly string[] =>
  [...readFileSync(fileURLToPath(url), 'utf8').matchAll(/^\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)].map(
    ([, name = '']) => name,
  );

it('starts lightly: help reads no library but the parser of the command line', () => {
  const run = spawnSync(process.execPath, ['--import', REPORT_IMPORTS, MAIN, '--help'], {
    cwd,
    encoding: 'utf8',
  });
  const files = run.stderr.split('\n').filter((url) => url.startsWith('file:'));
  expect(files.some((url) => url.endsWith('/dist/cli/main.js'))).toBe(true);
  expect([...new Set(files.flatMap(librariesIn))]).toEqual(['commander']);
});
