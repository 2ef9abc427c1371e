import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { labPaths } from '../../src/lab/paths.js';
import { chooseLab, labRealm, targetInLab } from '../../src/lab/realm.js';
import { lock } from '../../src/lab/state/lock.js';
import type { LabState } from '../../src/lab/state/schema.js';
import { listLabs, makePrivateDir, openLab, readState, writeState } from '../../src/lab/state/store.js';
import { planOf } from './rig.js';

let folder: string;
let env: Record<string, string>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-lab-'));
  env = { XDG_STATE_HOME: folder };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const stateOf = (phase: LabState['phase']): LabState => ({
  version: 1,
  phase,
  createdAt: '2026-01-01T00:00:00.000Z',
  plan: planOf(),
  rootfs: '/cache/tree',
  cgroups: 'v2',
  hosts: planOf().hosts,
  faults: [],
  partitions: [],
  throttles: {},
});

const write = async (name: string, phase: LabState['phase']) => {
  const paths = labPaths(env, name);
  await makePrivateDir(env, paths.home);
  await writeState(env, paths, stateOf(phase));
  return paths;
};

describe('the record of a lab', () => {
  it('is read as it was written', async () => {
    const paths = await write('shop', 'up');
    expect(await readState(paths)).toEqual({ ok: true, value: stateOf('up') });
  });

  it('is absent for labs that do not exist, and an error when it is damaged or from the future', async () => {
    expect(await readState(labPaths(env, 'none'))).toEqual({ ok: true, value: undefined });
    const paths = await write('shop', 'up');
    for (const text of ['{"version":', JSON.stringify({ ...stateOf('up'), version: 2 })]) {
      await writeFile(paths.state, text);
      expect(await readState(paths)).toMatchObject({ ok: false, error: { code: 'lab-state' } });
    }
  });

  it('keeps every one of many changes made at once', async () => {
    const paths = await write('shop', 'up');
    const lab = openLab(env, 'shop', stateOf('up'));
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        lab.update((state) => ({ ...state, throttles: { ...state.throttles, [`h-${i}`]: 'tbf' } })),
      ),
    );
    const read = await readState(paths);
    expect(read.ok && Object.keys(read.value?.throttles ?? {})).toHaveLength(20);
  });
});

describe('choosing a lab', () => {
  it('takes the only one, and asks for a name when there are several', async () => {
    expect(await chooseLab(undefined, env)).toMatchObject({ error: { code: 'lab-not-found' } });
    await write('shop', 'up');
    expect(await chooseLab(undefined, env)).toEqual({ ok: true, value: 'shop' });
    await write('other', 'up');
    expect(await listLabs(env)).toEqual(['other', 'shop']);
    expect(await chooseLab(undefined, env)).toMatchObject({ error: { code: 'lab-ambiguous' } });
    expect(await chooseLab('gone', env)).toMatchObject({
      error: { code: 'lab-not-found', hint: 'labs here: other and shop' },
    });
  });

  it('enters only labs that are completely up', async () => {
    await write('shop', 'starting');
    expect(await labRealm('shop', env)).toMatchObject({ ok: false, error: { code: 'lab-not-found' } });
    await write('shop', 'up');
    expect(await labRealm('shop', env)).toMatchObject({
      value: {
        realm: { kind: 'lab', name: 'shop' },
        netns: 'drover-shop',
        paths: { stateDir: join(folder, 'drover/labs/shop/runs') },
      },
    });
  });

  it('leaves keys, jump hosts and fingerprints of real machines behind', () => {
    const real = { name: 'a', address: '10.0.0.1', user: 'ubuntu', port: 2222, sudo: true };
    expect(targetInLab({ ...real, identityFile: '/k', jump: 'bastion', fingerprints: ['SHA256:x'] })).toEqual(
      real,
    );
  });
});

describe('the lock of a lab', () => {
  it('lets one in, tells the second who holds it, and lets it in afterwards', async () => {
    const first = await lock(folder, 'lab up shop');
    if (!first.ok) throw new Error(first.error.message);
    const second = await lock(folder, 'lab down shop');
    expect(second).toMatchObject({ ok: false, error: { code: 'lab-busy' } });
    expect(second.ok ? '' : second.error.message).toBe(
      `The lab is being changed by \`drover lab up shop\`, process ${process.pid}`,
    );
    await first.value.release();
    const third = await lock(folder, 'lab down shop');
    if (!third.ok) throw new Error(third.error.message);
    await third.value.release();
  });
});
