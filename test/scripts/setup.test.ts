import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT } from '../architecture/sources.js';

let bin = '';
beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'drover-setup-'));
});
afterEach(() => rmSync(bin, { recursive: true, force: true }));

/** Puts a program before all others, that does as this line of shell says. */
const fake = (name: string, body: string): void => {
  writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`);
  chmodSync(join(bin, name), 0o755);
};

const setup = (calls: string, path = `${bin}:${process.env.PATH ?? ''}`) => {
  const run = spawnSync('/bin/sh', ['-euc', `. scripts/lib.sh; ${calls}`], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { PATH: path, HOME: bin },
  });
  return { status: run.status, stderr: run.stderr };
};

describe('the set-up says what is missing, what was done and how to go on', () => {
  it('without Node', () => {
    const { status, stderr } = setup('need_node', bin);
    expect(status).toBe(1);
    expect(stderr).toContain('error[setup-node] Node.js is not installed');
  });

  it.each(['18.20.4', '20.18.3', '16.0.0'])('with Node %s', (version) => {
    fake('node', `echo ${version}`);
    const { status, stderr } = setup('need_node');
    expect(status).toBe(1);
    expect(stderr).toContain(`Node.js ${version} is too old, Drover needs 20.19 or newer`);
  });

  it.each(['20.19.0', '22.0.0', '24.3.1'])('and is content with Node %s', (version) => {
    fake('node', `echo ${version}`);
    fake('npm', 'true');
    expect(setup('need_node')).toEqual({ status: 0, stderr: '' });
  });

  it.each([
    ['uname', 'echo Darwin', 'error[lab-needs-linux] the lab needs Linux, this is Darwin'],
    ['id', 'echo 1000', 'error[lab-needs-root]'],
    ['awk', 'echo 3', 'error[lab-memory] this machine has 3 GB of memory, the lab needs 8'],
  ])('when %s answers %s', (name, body, message) => {
    if (name !== 'id') fake('id', 'echo 0');
    fake(name, body);
    const { status, stderr } = setup("done_with 'Drover is built'; need_lab_machine");
    expect(status).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).toContain('state: Drover is built');
    expect(stderr).toContain('npx drover doctor root@ADDRESS');
  });

  it('when sources and caches of the compiler would not find room', () => {
    fake('id', 'echo 0');
    fake('awk', 'echo 23');
    fake('go', 'true');
    const { status, stderr } = setup('need_lab_machine');
    expect(status).toBe(1);
    expect(stderr).toContain(`error[lab-disk] 23 GB are free at ${bin}/.cache, the lab needs 24`);
  });

  it('and asks for less room once everything is compiled, or where nothing is', () => {
    fake('id', 'echo 0');
    fake('awk', 'echo 8');
    expect(setup('command() { return 1; }; need_lab_machine')).toEqual({ status: 0, stderr: '' });
    mkdirSync(join(bin, '.cache/drover/build/programs'), { recursive: true });
    fake('go', 'true');
    expect(setup('need_lab_machine')).toEqual({ status: 0, stderr: '' });
  });

  it('when a package cannot be installed', () => {
    fake('apt-get', 'echo "E: Unable to locate package"; exit 100');
    const { status, stderr } = setup(
      'missing_packages() { echo debootstrap; }; need_packages lab/packages.txt the-lab',
    );
    expect(status).toBe(1);
    expect(stderr).toContain('E: Unable to locate package');
    expect(stderr).toContain('error[lab-package-missing] apt-get could not install: debootstrap');
  });

  it('when apt-get claims success and the program is still missing', () => {
    fake('apt-get', 'true');
    const { status, stderr } = setup(
      'missing_packages() { echo debootstrap; }; need_packages lab/packages.txt the-lab',
    );
    expect(status).toBe(1);
    expect(stderr).toContain('still missing after their installation: debootstrap');
  });

  it('when the sshd of the tests cannot be installed, and no service may start meanwhile', () => {
    const policy = join(bin, 'policy-rc.d');
    fake('apt-get', `"${policy}"; echo "a service may start: $?"; exit 100`);
    const { status, stderr } = setup(
      `POLICY=${policy}; missing_packages() { echo openssh-server; }; need_sshd; echo never >&2`,
    );
    expect(status).toBe(1);
    expect(stderr).toContain('installing the packages of the tests: openssh-server');
    expect(stderr).toContain('a service may start: 101');
    expect(stderr).not.toContain('never');
    expect(existsSync(policy)).toBe(false);
  });
});
