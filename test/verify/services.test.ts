import { describe, expect, it } from 'vitest';
import { askScript, type Told } from '../../src/facts/services/ask-script.js';
import { absentServices, servicePlaces, servicesScript } from '../../src/facts/services/places.js';
import type { Cluster } from '../../src/spec/cluster.js';
import { absentHostResults } from '../../src/verify/absent-hosts.js';
import { judgeFromNode, judgeFromPod } from '../../src/verify/services.js';
import { type Loose, load, specWith } from '../spec/rig.js';

/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call -- drafts of specs have no type */

const loaded = async (externalServices: readonly object[]): Promise<Cluster> => {
  const outcome = await load(
    specWith((s: Loose) => {
      s.hosts.push({ name: 'lb', address: '10.0.0.10', role: 'external' });
      s.hosts.push({ name: 'm2', address: '10.0.0.12', role: 'external' });
      const listeners = [{ name: 'pg', port: 5432, backends: ['db'] }];
      s.loadBalancers = [{ name: 'lb', scope: 'internal', provider: 'haproxy', host: 'lb', listeners }];
      s.externalServices = externalServices;
    }),
  );
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value;
};

const POSTGRES = { name: 'postgres', kind: 'postgresql', port: 5432, loadBalancer: 'lb' };
const told = (answers: Readonly<Record<string, string>>): ReadonlyMap<string, Told> =>
  new Map(Object.entries(answers).map(([id, text]) => [id, { status: 0, text }]));
const N = '4e';

describe('services outside', () => {
  it('are called at their endpoint or balancer, or at each of their hosts', async () => {
    const cluster = await loaded([
      POSTGRES,
      { name: 'redis', kind: 'redis', port: 6379, endpoint: 'redis.example.com' },
      { name: 'minio', kind: 'minio', port: 9000, hosts: ['db', 'm2'] },
    ]);
    expect(
      servicePlaces(cluster, []).map(({ label, host, question }) => [label, host, question.ask]),
    ).toEqual([
      ['postgres', '10.0.0.10', 'postgresql'],
      ['redis', 'redis.example.com', 'redis'],
      ['minio on db', '10.0.1.1', 'http'],
      ['minio on m2', '10.0.0.12', 'http'],
    ]);
  });

  it('are told once for each host that a lab does not have', async () => {
    const cluster = await loaded([
      POSTGRES,
      { ...POSTGRES, name: 'other' },
      { name: 'minio', kind: 'minio', port: 9000, hosts: ['db', 'm2'] },
    ]);
    expect(servicePlaces(cluster, ['lb', 'db']).map(({ label }) => label)).toEqual(['minio on m2']);
    const missing = absentServices(cluster, ['lb', 'db']).map(({ service: what, host }) => ({ host, what }));
    expect(absentHostResults([{ host: 'lb', what: 'the API through it' }, ...missing])).toMatchObject([
      {
        status: 'not-applicable',
        node: 'lb',
        detail:
          'the lab has no such host, so nothing was asked of the API through it, postgres and other; `drover lab up --with lb` makes it',
      },
    ]);
  });

  it('must speak TLS where the spec says so', async () => {
    const plain = servicePlaces(await loaded([POSTGRES]), []);
    const encrypted = servicePlaces(await loaded([{ ...POSTGRES, tls: true }]), []);
    const answers = { told: told({ 'service-0': N }) };
    expect(judgeFromPod(plain, answers)).toMatchObject([
      { status: 'pass', detail: 'PostgreSQL, without TLS' },
    ]);
    expect(judgeFromPod(encrypted, answers)).toMatchObject([
      { status: 'fail', detail: 'PostgreSQL, but without the TLS that the spec tells' },
    ]);
    expect(askScript('host', servicesScript(encrypted))).toContain("'-starttls' 'postgres'");
  });

  it('have a name that must be known, and prove nothing to whom could not ask', async () => {
    const places = servicePlaces(
      await loaded([{ name: 'redis', kind: 'redis', port: 6379, endpoint: 'redis.example.com' }]),
      [],
    );
    const known = told({ 'service-0': '2b504f4e47', 'service-0.name': '10.0.0.7 ' });
    const results = judgeFromNode('s1', places, { told: known, now: 0 });
    expect(results.map(({ check, status, detail }) => [check, status, detail])).toEqual([
      ['service-name', 'pass', 'redis.example.com is 10.0.0.7'],
      ['service-answers', 'pass', 'Redis, asks for no password'],
    ]);
    const unknown = judgeFromNode('s1', places, { told: told({}), now: 0 });
    expect(unknown.map(({ status }) => status)).toEqual(['fail', 'fail']);
    expect(judgeFromPod(places, { failure: 'the pod is gone' })).toMatchObject([
      { status: 'fail', detail: 'the pod is gone' },
    ]);
  });
});
