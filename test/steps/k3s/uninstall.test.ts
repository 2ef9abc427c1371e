import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ok } from '../../../src/core/result.js';
import { k3sUninstall } from '../../../src/steps/k3s/uninstall.js';
import type { ApplyContext } from '../../../src/steps/step.js';
import { fakeHost, SUBJECT, seeing, worldOf } from '../host/world.js';

const PARAMS = { node: 'h1', address: '10.0.0.1' };
const BIN = '/usr/local/bin';
const UNIT = '/etc/systemd/system/k3s-agent.service';
const FILE = { size: 1, mode: '0755', owner: 'root:root', immutable: false };

const changes = (paths: readonly string[]) => {
  const world = worldOf({ units: {}, files: Object.fromEntries(paths.map((path) => [path, FILE])) });
  return k3sUninstall.diff(k3sUninstall.observe(world, SUBJECT, PARAMS), PARAMS).map(({ what }) => what);
};

describe('planning to remove K3s', () => {
  it('names the units and the binary that are there', () => {
    expect(changes([UNIT, `${BIN}/k3s`])).toEqual(['k3s-agent.service', `${BIN}/k3s`]);
    expect(changes([`${BIN}/kubectl`, '/etc/hosts'])).toEqual([]);
  });

  it('goes on with what an interrupted removal left', () => {
    expect(changes([`${BIN}/k3s-agent-uninstall.sh`])).toEqual([`${BIN}/k3s`]);
  });

  it('cannot tell of a host that was not observed', () => {
    expect(k3sUninstall.observe(worldOf({}), SUBJECT, PARAMS)).toBeUndefined();
    expect(k3sUninstall.diff(undefined, PARAMS)).toEqual([{ kind: 'unknown', what: 'K3s' }]);
  });
});

describe('proof that K3s is gone', () => {
  it('fails with everything that is left', async () => {
    expect(await k3sUninstall.verify(seeing(worldOf({}), ''), PARAMS)).toMatchObject({ ok: true });
    const left = '/usr/local/bin/k3s\n/var/lib/rancher/k3s\n';
    expect(await k3sUninstall.verify(seeing(worldOf({}), left), PARAMS)).toMatchObject({
      ok: false,
      error: { cause: '/usr/local/bin/k3s, /var/lib/rancher/k3s' },
    });
  });
});

describe('removing K3s', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'drover-uninstall-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  const put = async (path: string, text = ''): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
    await chmod(join(root, path), 0o755);
  };
  const files = async (): Promise<string[]> => {
    const all = await readdir(root, { recursive: true, withFileTypes: true });
    return all
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name).slice(root.length))
      .sort();
  };

  /** A host whose root is the folder: every path of the script is taken below it. */
  const remove = () => {
    const { context } = fakeHost(worldOf({}));
    const effects = context.on('h1');
    const within: ApplyContext = {
      ...context,
      on: () => ({
        ...effects,
        change: async (script) => {
          const text = script.replaceAll(/\/(?=usr\/local|etc\/systemd|var\/lib)/g, `${root}/`);
          const { exitCode = 1, stdout, stderr } = await execa('sh', ['-c', text], { reject: false });
          return ok({ status: exitCode, stdout, stderr });
        },
      }),
    };
    return k3sUninstall.apply(within, PARAMS, undefined);
  };

  /** K3s' script as it is documented: it takes its unit, its data, the binary and in the end itself. */
  const scripts = async (): Promise<void> => {
    const all = `${root}${UNIT} ${root}/var/lib/rancher/k3s ${root}${BIN}/k3s ${root}${BIN}/k3s-killall.sh`;
    await put(`${BIN}/k3s-agent-uninstall.sh`, `#!/bin/sh\nrm -rf ${all} "$0"\n`);
    await put(`${BIN}/k3s-killall.sh`);
    await put(`${BIN}/k3s`);
    await put(`${BIN}/other`);
  };

  it('touches nothing while volumes have data on the host', async () => {
    await scripts();
    await put(UNIT);
    await put('/var/lib/rancher/k3s/storage/pvc-1/data', 'precious');
    const before = await files();
    expect(await remove()).toMatchObject({
      ok: false,
      error: { class: 'person', code: 'k3s-data-on-node', cause: 'pvc-1' },
    });
    expect(await files()).toEqual(before);
  });

  it('runs the script of the unit, and only of the one that is there', async () => {
    await scripts();
    await put(UNIT);
    await put('/var/lib/rancher/k3s/agent/x');
    expect(await remove()).toMatchObject({ ok: true });
    expect(await files()).toEqual([`${BIN}/other`]);
  });

  it('ends what a loss of power interrupted, wherever that was', async () => {
    await scripts();
    await put('/var/lib/rancher/k3s/agent/x');
    expect(await remove()).toMatchObject({ ok: true });
    expect(await files()).toEqual([`${BIN}/other`]);
    await put(`${BIN}/k3s-agent-uninstall.sh`, '#!/bin/sh\nexit 1\n');
    expect(await remove()).toMatchObject({ ok: true });
    expect(await files()).toEqual([`${BIN}/other`]);
    expect(await remove()).toMatchObject({ ok: true });
  });

  it('says so when a unit has no script, or its script fails', async () => {
    await put(UNIT);
    expect(await remove()).toMatchObject({ ok: false, error: { message: 'h1: K3s cannot be removed' } });
    await scripts();
    await put(`${BIN}/k3s-agent-uninstall.sh`, '#!/bin/sh\necho device is busy >&2\nexit 4\n');
    expect(await remove()).toMatchObject({ ok: false, error: { cause: 'device is busy' } });
    expect(await files()).toContain(UNIT);
  });
});
