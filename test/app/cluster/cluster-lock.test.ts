import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LockRequest, takeClusterLock } from '../../../src/app/cluster/cluster-lock.js';
import type { Holder } from '../../../src/app/cluster/lock-refusal.js';
import type { Clock } from '../../../src/core/ports/clock.js';
import { err, ok } from '../../../src/core/result.js';
import { type FolderHosts, folderHosts } from '../../run/folder-hosts.js';
import { leaseApi } from '../../run/lease-api.js';
import { toolsOn } from './rig.js';

/** Time that passes when the test says so; whoever waits is woken by it. */
const handClock = () => {
  let time = 0;
  const waiting: { readonly at: number; readonly wake: () => void }[] = [];
  const clock: Clock = {
    now: () => time,
    monotonic: () => time,
    delay: (ms, signal) =>
      new Promise((resolve, reject) => {
        waiting.push({ at: time + ms, wake: resolve });
        signal?.addEventListener('abort', () => reject(new Error('aborted')));
      }),
  };
  const pass = (ms: number): void => {
    time += ms;
    for (const { at, wake } of waiting) if (at <= time) wake();
  };
  return { clock, pass };
};

let hosts: FolderHosts;
beforeEach(async () => {
  hosts = await folderHosts(['s1', 's2', 's3']);
});
afterEach(() => hosts.remove());

type Part = Partial<Pick<LockRequest, 'servers' | 'access' | 'breakRun' | 'mayBreak'>>;

/** Operators of one cluster, each with a kubeconfig; with servers they reach these too. */
const cluster = () => {
  const { kube } = leaseApi();
  const time = handClock();
  const access = { open: () => Promise.resolve(ok(kube)), close: () => undefined };
  const take = (run: string, operator: string, part: Part = {}) =>
    takeClusterLock(
      { cluster: 'c', run, servers: [], access, breakRun: undefined, ...part },
      { ...toolsOn(hosts, '/nowhere', operator).tools, clock: time.clock },
    );
  const mustTake = async (...given: Parameters<typeof take>) => {
    const taken = await take(...given);
    if (!taken.ok) throw new Error(taken.error[0].message);
    return taken.value;
  };
  return { take, mustTake, pass: time.pass, kube };
};

describe('the lock of operators who have nothing but a kubeconfig', () => {
  it('is the Lease: a second one is refused by name, and gets a higher number afterwards', async () => {
    const { take, mustTake } = cluster();
    const first = await mustTake('run-1', 'ann@home');
    expect(await take('run-2', 'bob@work')).toMatchObject({
      ok: false,
      error: [{ code: 'run-locked', message: 'run run-1 of ann@home holds this cluster' }],
    });
    await first.end(false);
    const second = await mustTake('run-2', 'bob@work');
    expect([first.fencing, second.fencing]).toEqual([1, 2]);
    await second.end(false);
  });

  it('is told stale, and taken over only by who names its run; the first one then writes nothing more', async () => {
    const { take, mustTake, pass, kube } = cluster();
    let away = false;
    const cut = { class: 'transient', code: 'kube-unreachable', message: 'no answer' } as const;
    const access = { open: () => Promise.resolve(away ? err(cut) : ok(kube)), close: () => undefined };
    const first = await mustTake('run-1', 'ann@home', { access });
    away = true;
    pass(31_000);
    expect(await take('run-2', 'bob@work')).toMatchObject({
      error: [{ code: 'run-locked', hint: 'if that run is dead for certain: --break-lock run-1' }],
    });
    expect((await take('run-2', 'bob@work', { breakRun: 'run-9' })).ok).toBe(false);
    const second = await mustTake('run-2', 'bob@work', { breakRun: 'run-1' });
    expect(second.fencing).toBeGreaterThan(first.fencing);
    away = false;
    pass(2_000);
    expect(await first.fence()).toMatchObject({ kind: 'cancelled' });
    expect(first.lost.aborted).toBe(true);
    expect(await second.fence()).toBeUndefined();
    await Promise.all([first.end(false), second.end(false)]);
  });

  it('is kept by a paused run, and a person who is shown it may take it over', async () => {
    const { take, mustTake, pass } = cluster();
    const first = await mustTake('run-1', 'ann@home');
    await first.end(true);
    pass(999_000);
    expect(await take('run-2', 'bob@work')).toMatchObject({
      error: [{ message: 'run run-1 of ann@home holds this cluster and is paused' }],
    });
    const shown: Holder[] = [];
    const asked = (answer: boolean) => (holder: Holder) => {
      shown.push(holder);
      return Promise.resolve(answer);
    };
    expect((await take('run-2', 'bob@work', { mayBreak: asked(false) })).ok).toBe(false);
    const second = await mustTake('run-2', 'bob@work', { mayBreak: asked(true) });
    expect(shown).toMatchObject([{ run: 'run-1', owner: 'ann@home', state: 'paused' }, { run: 'run-1' }]);
    await second.end(false);
  });

  it('cannot be had without an API, and says so', async () => {
    const { take } = cluster();
    const silent = { class: 'transient', code: 'kube-unreachable', message: 'no answer' } as const;
    const access = { open: () => Promise.resolve(err(silent)), close: () => undefined };
    expect(await take('run-1', 'ann@home', { access })).toMatchObject({
      ok: false,
      error: [{ code: 'kube-unreachable', cause: 'no answer', state: 'nothing was changed' }],
    });
  });
});

describe('the lock of operators who reach the servers', () => {
  it('keeps out who has only a kubeconfig, and the other way round', async () => {
    const { take, mustTake } = cluster();
    const servers = ['s1', 's2', 's3'].map(hosts.target);
    const first = await mustTake('run-1', 'ann@home', { servers });
    expect(await take('run-2', 'bob@work')).toMatchObject({ ok: false, error: [{ code: 'run-locked' }] });
    await first.end(false);
    const second = await mustTake('run-2', 'bob@work');
    expect(second.fencing).toBe(2);
    expect(await take('run-3', 'ann@home', { servers })).toMatchObject({
      ok: false,
      error: [{ message: 'run run-2 of bob@work holds this cluster' }],
    });
    await second.end(false);
  });
});
