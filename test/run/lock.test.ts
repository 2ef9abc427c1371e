import { utimes } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireLease, beatLease, leaseState, pauseLease, releaseLease } from '../../src/run/lock/lease.js';
import { acquireLock, beat, pauseLock, releaseLock } from '../../src/run/lock/majority.js';
import { type FolderHosts, folderHosts } from './folder-hosts.js';
import { leaseApi } from './lease-api.js';

const SERVERS = ['s1', 's2', 's3'];
const claim = (run: string, owner: string, breakRun?: string) => ({
  cluster: 'c',
  run,
  owner,
  ...(breakRun === undefined ? {} : { breakRun }),
});

describe('the lock on a majority of the servers', () => {
  let hosts: FolderHosts;
  beforeEach(async () => {
    hosts = await folderHosts(SERVERS);
  });
  afterEach(() => hosts.remove());

  const take = (run: string, owner: string, breakRun?: string) =>
    acquireLock(hosts.transport, SERVERS.map(hosts.target), claim(run, owner, breakRun));
  const silentFor = async (seconds: number): Promise<void> => {
    const at = Date.now() / 1000 - seconds;
    for (const host of SERVERS) await utimes(hosts.path(host, 'drover/lock/c'), at, at);
  };

  it('is refused to a second operator by name, and free again afterwards', async () => {
    const first = await take('run-1', 'ann@home');
    if (!first.ok) throw new Error('the lock is free');
    expect(first.value.fencing).toBe(1);
    expect(await take('run-2', 'bob@work')).toMatchObject({
      ok: false,
      error: { kind: 'held', stale: false, by: { run: 'run-1', owner: 'ann@home' } },
    });
    await releaseLock(hosts.transport, first.value);
    expect(await take('run-2', 'bob@work')).toMatchObject({ ok: true, value: { fencing: 2 } });
  });

  it('needs a majority, and leaves nothing behind without one', async () => {
    hosts.away.add('s2').add('s3');
    expect(await take('run-1', 'ann@home')).toMatchObject({
      ok: false,
      error: { kind: 'no-majority', answered: 1, needed: 2 },
    });
    hosts.away.clear();
    expect((await take('run-2', 'bob@work')).ok).toBe(true);
  });

  it('is told stale without heartbeats, and taken over only when its run is named', async () => {
    const first = await take('run-1', 'ann@home');
    if (!first.ok) throw new Error('the lock is free');
    await silentFor(60);
    expect(await take('run-2', 'bob@work')).toMatchObject({
      ok: false,
      error: { kind: 'held', stale: true },
    });
    expect(await take('run-2', 'bob@work', 'run-9')).toMatchObject({ ok: false });
    expect(await take('run-2', 'bob@work', 'run-1')).toMatchObject({ ok: true, value: { fencing: 2 } });
    expect(await beat(hosts.transport, first.value)).toBe(false);
  });

  it('goes on with its own run at once, but not beside another operator who goes on with it', async () => {
    expect((await take('run-1', 'ann@home')).ok).toBe(true);
    expect(await take('run-1', 'ann@home')).toMatchObject({ ok: true, value: { fencing: 2 } });
    expect(await take('run-1', 'bob@work')).toMatchObject({ ok: false, error: { kind: 'held' } });
    await silentFor(60);
    const second = await take('run-1', 'bob@work');
    if (!second.ok) throw new Error('nobody beats');
    await pauseLock(hosts.transport, second.value);
    expect(await take('run-1', 'ann@home')).toMatchObject({ ok: true, value: { fencing: 4 } });
  });

  it('is kept by a paused run', async () => {
    const first = await take('run-1', 'ann@home');
    if (!first.ok) throw new Error('the lock is free');
    await pauseLock(hosts.transport, first.value);
    await silentFor(9_999);
    expect(await take('run-2', 'bob@work')).toMatchObject({
      ok: false,
      error: { kind: 'paused', stale: false },
    });
  });
});

describe('the Lease beside the lock', () => {
  const NOW = Date.parse('2026-01-01T00:00:00Z');
  const first = { cluster: 'c', run: 'run-1', owner: 'ann@home', fencing: 3 };
  const second = { cluster: 'c', run: 'run-2', owner: 'bob@work', fencing: 0 };

  it('keeps out operators who have nothing but a kubeconfig, by name', async () => {
    const { kube, spec } = leaseApi();
    const taken = await acquireLease(kube, first, NOW);
    expect(taken).toMatchObject({ ok: true, value: { claim: { fencing: 3 } } });
    expect(spec()).toEqual({
      holderIdentity: 'run-1',
      renewTime: '2026-01-01T00:00:00.000000Z',
      leaseDurationSeconds: 30,
    });
    expect(await acquireLease(kube, second, NOW + 5_000)).toMatchObject({
      ok: false,
      error: {
        refusal: { kind: 'held', stale: false, by: { run: 'run-1', owner: 'ann@home', ageSeconds: 5 } },
      },
    });
  });

  it('numbers its holders upwards, also those without hosts', async () => {
    const { kube } = leaseApi();
    const taken = await acquireLease(kube, first, NOW);
    if (!taken.ok) throw new Error('the Lease is free');
    await releaseLease(taken.value, NOW);
    expect(await acquireLease(kube, second, NOW)).toMatchObject({
      ok: true,
      value: { claim: { fencing: 4 } },
    });
  });

  it('is stale without heartbeats, and lost by whom it is taken from', async () => {
    const { kube } = leaseApi();
    const taken = await acquireLease(kube, first, NOW);
    if (!taken.ok) throw new Error('the Lease is free');
    expect(await beatLease(taken.value, NOW + 10_000)).toBe('mine');
    const late = NOW + 60_000;
    expect(await acquireLease(kube, second, late)).toMatchObject({
      ok: false,
      error: { refusal: { stale: true } },
    });
    expect((await acquireLease(kube, { ...second, breakRun: 'run-1' }, late)).ok).toBe(true);
    expect(await leaseState(taken.value, late)).toBe('lost');
    expect(await beatLease(taken.value, late)).toBe('lost');
  });

  it('is kept by a paused run', async () => {
    const { kube } = leaseApi();
    const taken = await acquireLease(kube, first, NOW);
    if (!taken.ok) throw new Error('the Lease is free');
    await pauseLease(taken.value, NOW);
    expect(await acquireLease(kube, second, NOW + 999_000)).toMatchObject({
      ok: false,
      error: { refusal: { kind: 'paused', stale: false } },
    });
  });

  it('goes to one of two who take it at the same moment', async () => {
    const { kube } = leaseApi();
    const both = await Promise.all([acquireLease(kube, first, NOW), acquireLease(kube, second, NOW)]);
    expect(both.filter((each) => each.ok)).toHaveLength(1);
    expect(both.find((each) => !each.ok)).toMatchObject({ error: { kind: 'refused' } });
  });
});
