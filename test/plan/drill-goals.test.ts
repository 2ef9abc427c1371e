/* eslint-disable @typescript-eslint/no-unsafe-member-access -- drafts of specs have no type */
import { describe, expect, it } from 'vitest';
import { drillGoals, watchedUrls } from '../../src/plan/drill-goals.js';
import type { Cluster } from '../../src/spec/cluster.js';
import { type Loose, load, specWith } from '../spec/rig.js';

const loaded = async (edit: (spec: Loose) => void = () => undefined): Promise<Cluster> => {
  const outcome = await load(specWith(edit));
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value;
};

const URLS = {
  urls: [
    { url: 'https://shop.example/' },
    { url: 'https://10.0.0.5/ping' },
    { url: 'https://in.example/', from: ['pod'] },
  ],
};

describe('a drill', () => {
  it('takes a node away, waits, and puts it back, under guards that take it back', async () => {
    const cluster = await loaded();
    const host = cluster.hosts.find(({ name }) => name === 's2');
    if (host === undefined) throw new Error('no host');
    const wish = { host, budgetSeconds: 600, outageSeconds: 60, outOfService: false };
    const stage = drillGoals(cluster, { hosts: new Map() }, wish);
    expect(stage.goals.map(({ id, after }) => [id, after])).toEqual([
      ['drill.stop/s2', []],
      ['drill.await/s2', ['drill.stop/s2']],
      ['drill.start/s2', ['drill.await/s2']],
    ]);
    // Longer than everything that may be waited for: the host's own timer must not end a drill that goes well.
    expect(stage.goals[0]?.params).toMatchObject({ limitSeconds: 1020 });
    expect(stage.goals[0]?.expected?.interruption).toContain('s2');
    expect(stage.guards?.map(({ id, onBreach }) => [id, onBreach])).toEqual([
      ['kube.ready', 'rollback'],
      ['kube.writes', 'rollback'],
    ]);
    expect(stage.guards?.[0]?.budget).toEqual({ longestMs: 60_000, totalMs: 180_000, silentMs: 120_000 });
  });

  it('calls names through the ingress of every other node, addresses as they are', async () => {
    const cluster = await loaded((s: Loose) => (s.acceptance = URLS));
    const seen = watchedUrls(cluster, 'a1').map(({ url, via }) => `${url} ${via?.node ?? '-'}`);
    expect(seen).toEqual([
      'https://shop.example/ -',
      'https://shop.example/ s1',
      'https://shop.example/ s2',
      'https://shop.example/ s3',
      'https://10.0.0.5/ping -',
    ]);
    const without = await loaded((s: Loose) => {
      s.acceptance = URLS;
      s.ingress.controller = 'none';
    });
    expect(watchedUrls(without, 'a1').every(({ via }) => via === undefined)).toBe(true);
  });
});
