import { describe, expect, it } from 'vitest';
import {
  makeUpSecrets,
  missingSecrets,
  secretsSeen,
} from '../../../../src/app/cluster/apps/stored-secrets.js';
import { wantedSets } from '../../../../src/app/cluster/wanted-sets.js';
import type { Secrets } from '../../../../src/core/ports/secrets.js';
import { ok } from '../../../../src/core/result.js';
import { setStages } from '../../../../src/plan/set-stage.js';
import { secretHandle } from '../../../../src/steps/secrets/delivery.js';
import { load } from '../../../spec/rig.js';
import { clusterFacts } from '../../../support/cluster-facts.js';

const SPEC = `apiVersion: drover/v1
kind: Cluster
metadata: { name: shop }
spec:
  hosts:
    - { name: server-1, address: 10.0.0.11, role: server }
    - { name: db-1, address: 10.0.0.31, role: external }
  network: { nodes: 10.0.0.0/24 }
  externalServices: [{ name: db, kind: postgresql, hosts: [db-1], port: 5432 }]
  secrets: { declared: [{ name: db, keys: [password] }, { name: unused, keys: [a] }] }
  applications:
    - { name: api, namespace: back, image: 'api:1.0.0', env: { P: { secret: db, key: password } }, needs: [db], startsWithin: 90s }
    - name: web
      namespace: front
      image: web:1.0.0
      ports: [{ name: http, port: 80 }]
      ingress: { hosts: [shop.example] }
      needs: [api]
`;

const loaded = await load(SPEC);
if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
const cluster = loaded.value;
const world = { hosts: new Map() };

const wanted = async () => {
  const chart = () => Promise.reject(new Error('no charts'));
  const sets = await wantedSets({ cluster, world, chart, realm: 'real', lab: undefined } as never);
  if (!sets.ok) throw new Error(JSON.stringify(sets.error));
  return sets.value;
};

const store = (values: Readonly<Record<string, string>>): Secrets => {
  const kept = new Map(Object.entries(values).map(([key, value]) => [key, Buffer.from(value)]));
  return {
    get: (handle) => {
      const value = kept.get(handle);
      return Promise.resolve(
        value === undefined ? { ok: false, error: { code: 'secret-missing', message: handle } } : ok(value),
      );
    },
    ensure: (handle, make) => {
      const value = kept.get(handle) ?? Buffer.from(make());
      kept.set(handle, value);
      return Promise.resolve(ok(value));
    },
    put: (handle, value) => Promise.resolve(ok(void kept.set(handle, Buffer.from(value)))),
    handles: () => Promise.resolve(ok([...kept.keys()])),
  };
};

describe('applications in a plan', () => {
  it('come behind their namespace, its secrets and what they need, not behind the ingress', async () => {
    const [stage] = setStages(await wanted(), { ...world, sets: new Map() });
    const after = new Map(stage?.goals.map((goal) => [goal.id, [...goal.after].sort()]));
    expect(after.get('secrets.deliver/back/db')).toEqual(['sets.apply/namespace/back']);
    expect(after.get('sets.apply/application/back/api')).toEqual([
      'secrets.deliver/back/db',
      'sets.apply/namespace/back',
    ]);
    expect(after.get('sets.apply/application/front/web')).toEqual([
      'sets.apply/application/back/api',
      'sets.apply/namespace/front',
    ]);
    expect([...after.keys()].filter((id) => id.startsWith('secrets.'))).toHaveLength(1);
    const api = stage?.goals.find(({ id }) => id === 'sets.apply/application/back/api');
    expect(api?.params).toMatchObject({ readyMs: 90_000 });
  });

  it('are a later stage, whose envelope knows secrets, where no API is there to ask', async () => {
    const [stage] = setStages(await wanted(), world);
    expect(stage?.envelope?.steps).toEqual(['sets.apply', 'secrets.deliver']);
  });

  it('need a default storage class for their volumes', async () => {
    const text = SPEC.replace(
      'startsWithin: 90s',
      'storage: [{ name: d, mountPath: /d, size: 1Gi, className: fast }]',
    );
    const other = await load(text);
    if (!other.ok) throw new Error(JSON.stringify(other.error));
    const refused = await wantedSets({
      cluster: other.value,
      world: { ...world, cluster: clusterFacts() },
      realm: 'real',
      lab: undefined,
    } as never);
    expect(refused).toMatchObject({
      ok: false,
      error: [{ code: 'plan-storage-class', location: { line: 12 } }],
    });
  });
});

describe('secrets of applications', () => {
  it('are missed with the line that declares them, and only those that something needs', async () => {
    expect(await missingSecrets(cluster, await wanted(), store({}))).toMatchObject([
      {
        code: 'plan-secret-missing',
        message: 'the store has no value for password of the secret db',
        location: { line: 10 },
        hint: 'drover secrets set db password',
      },
    ]);
    const held = store({ [secretHandle('db', 'password')]: 'x' });
    expect(await missingSecrets(cluster, await wanted(), held)).toEqual([]);
  });

  it('are made up in a lab, each another one, and stay', async () => {
    const secrets = store({ 'db/password': 'given' });
    let next = 0;
    const random = { bytes: (size: number) => new Uint8Array(size).fill((next += 1)) };
    expect(await makeUpSecrets(cluster, { secrets, random })).toEqual(ok(undefined));
    expect(await secrets.get('db/password')).toEqual(ok(Buffer.from('given')));
    expect(await secrets.get('unused/a')).toMatchObject({ ok: true });
  });

  it('that a lab has not made up yet are as good as absent, and others are missing', async () => {
    const kube = {
      get: () => Promise.resolve({ ok: false, error: { kind: 'not-found', message: '', causes: [] } }),
    } as never;
    const { signal } = new AbortController();
    const seen = async (realm: string) => [
      ...((await secretsSeen(await wanted(), kube, { secrets: store({}), realm }, signal)) ?? []),
    ];
    expect(await seen('lab/x')).toEqual([['back/db', 'absent']]);
    expect(await seen('real')).toEqual([['back/db', 'missing']]);
  });
});
