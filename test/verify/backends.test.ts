import { describe, expect, it } from 'vitest';
import type { Told } from '../../src/facts/services/ask-script.js';
import type { Cluster } from '../../src/spec/cluster.js';
import { type BackendAsk, backendAsks, type Heard, judgeBackends } from '../../src/verify/backends.js';
import { type Loose, load, specWith } from '../spec/rig.js';

/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call -- drafts of specs have no type */

const HEALTHZ = { protocol: 'http', port: 10254, path: '/healthz' };
const PRIMARY = { protocol: 'http', port: 8008, path: '/primary' };

const cluster = async (): Promise<Cluster> => {
  const outcome = await load(
    specWith((s: Loose) => {
      s.hosts.push({ name: 'db2', address: '10.0.1.2', role: 'external' });
      s.loadBalancers = [
        {
          name: 'web',
          scope: 'public',
          provider: 'hetzner',
          address: '10.0.0.5',
          listeners: [
            { name: 'http', port: 80, backends: 'nodes', health: HEALTHZ },
            { name: 'https', port: 443, backends: 'nodes', health: HEALTHZ },
          ],
        },
        {
          name: 'db',
          scope: 'internal',
          provider: 'haproxy',
          address: '10.0.0.10',
          listeners: [{ name: 'pg', port: 5432, backends: ['db', 'db2'], health: PRIMARY }],
        },
      ];
    }),
  );
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value;
};

const status = (code: number): Told => ({
  status: 0,
  text: Buffer.from(`HTTP/1.1 ${code}`).toString('hex'),
});
const heard = (asks: readonly BackendAsk[], codes: Readonly<Record<string, number>>) =>
  new Map(
    asks.map(({ id, backend, asker }): [string, Heard] => [
      id,
      { asker, told: status(codes[backend] ?? 200) },
    ]),
  );
const summary = (results: ReturnType<typeof judgeBackends>) =>
  results.map(({ node, status: state, detail }) => `${node ?? ''} ${state}: ${detail}`);

describe('the hosts behind load balancers', () => {
  it('are each asked once by another member what the balancer asks', async () => {
    const asks = backendAsks(await cluster(), []);
    expect(asks.map(({ backend, asker, listeners }) => [backend, asker, listeners.join()])).toEqual([
      ['s1', 's2', 'http,https'],
      ['s2', 's3', 'http,https'],
      ['s3', 'a1', 'http,https'],
      ['a1', 's1', 'http,https'],
      ['db', 's1', 'pg'],
      ['db2', 's1', 'pg'],
    ]);
    expect(new Set(asks.map(({ id }) => id)).size).toBe(asks.length);
    expect(backendAsks(await cluster(), ['db2']).map(({ backend }) => backend)).not.toContain('db2');
  });

  it('fail one by one where the ingress stands still', async () => {
    const asks = backendAsks(await cluster(), []).filter(({ balancer }) => balancer === 'web');
    expect(summary(judgeBackends(asks, heard(asks, { s2: 503 })))).toEqual([
      's1 pass: web (http and https): status 200, asked by s2',
      's2 fail: web (http and https): status 503, wanted 200, asked by s3',
      's3 pass: web (http and https): status 200, asked by a1',
      'a1 pass: web (http and https): status 200, asked by s1',
    ]);
  });

  it('may stand by outside the cluster as long as one of them serves', async () => {
    const asks = backendAsks(await cluster(), []).filter(({ balancer }) => balancer === 'db');
    expect(summary(judgeBackends(asks, heard(asks, { db2: 503 })))).toEqual([
      'db pass: db (pg): status 200, asked by s1',
      'db2 pass: db (pg): stands by (status 503, wanted 200), asked by s1',
    ]);
    expect(judgeBackends(asks, heard(asks, { db: 503, db2: 503 })).map((one) => one.status)).toEqual([
      'fail',
      'fail',
    ]);
    const silent = new Map<string, Heard>([
      ...heard(asks, {}),
      [asks[1]?.id ?? '', { asker: 's1', failure: 'no way' }],
    ]);
    expect(summary(judgeBackends(asks, silent))[1]).toBe(
      'db2 fail: db (pg): nobody could ask: no way, asked by s1',
    );
  });
});
