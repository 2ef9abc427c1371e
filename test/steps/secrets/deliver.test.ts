import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/core/canonical.js';
import type { KubeObject } from '../../../src/core/ports/kube.js';
import { ok } from '../../../src/core/result.js';
import { secretsDeliver } from '../../../src/steps/secrets/deliver.js';
import { deliveriesOf, type SecretDelivery, secretHandle } from '../../../src/steps/secrets/delivery.js';
import { compareSecret } from '../../../src/steps/secrets/live-secret.js';
import { objectSet } from '../../../src/steps/sets/object-set.js';
import type { ApplyContext, VerifyContext, World } from '../../../src/steps/step.js';
import { apiServer } from '../../bundle/support/api/server.js';
import { clusterOf } from '../../diagnosis/fixtures/cluster.js';
import { secretStore } from '../../support/secret-store.js';

const PARAMS: SecretDelivery = { namespace: 'shop', name: 'db', type: 'Opaque', keys: ['password', 'user'] };
/** Must be seen nowhere but in the Secret and the store. */
const CANARY = 'canary-7f3a-of-the-test';

const bench = () => {
  const server = apiServer('shop-cluster');
  server.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  const { store, ...secrets } = secretStore([
    [secretHandle('db', 'password'), Buffer.from(CANARY)],
    [secretHandle('db', 'user'), Buffer.from('app')],
  ]);
  const said: unknown[] = [];
  const context = {
    run: 'run-1',
    subject: { hosts: [] },
    signal: new AbortController().signal,
    kube: () => Promise.resolve(ok(server.kube)),
    progress: (text: string) => said.push(text),
    checkpoint: (value: Json) => Promise.resolve(void said.push(value)),
    ...secrets,
  } as unknown as ApplyContext & VerifyContext;
  const live = (): KubeObject | undefined => server.find('v1', 'Secret', 'db', 'shop');
  const values = () => ({
    password: store.get('db/password') ?? Buffer.from(''),
    user: store.get('db/user') ?? Buffer.from(''),
  });
  const world = (): World => ({
    hosts: new Map(),
    secrets: new Map([['shop/db', compareSecret(PARAMS, values(), live())]]),
  });
  const state = () => secretsDeliver.observe(world(), { hosts: [] }, PARAMS);
  const apply = () => secretsDeliver.apply(context, PARAMS, state());
  return { server, store, said, context, live, state, apply };
};

const plain = (object: KubeObject | undefined, key: string): string =>
  Buffer.from(String((object?.['data'] as Record<string, string> | undefined)?.[key]), 'base64').toString();

describe('delivering a secret', () => {
  it('says what it will write without a value, writes it, and has nothing to do then', async () => {
    const { state, apply, live, said, context } = bench();
    const changes = secretsDeliver.diff(state(), PARAMS);
    expect(changes).toEqual([
      { kind: 'add', what: 'Secret shop/db: password', sensitive: true },
      { kind: 'add', what: 'Secret shop/db: user', sensitive: true },
    ]);
    const applied = await apply();
    expect(applied).toEqual(ok({}));
    expect(plain(live(), 'password')).toBe(CANARY);
    expect(secretsDeliver.diff(state(), PARAMS)).toEqual([]);
    const proof = await secretsDeliver.verify(context, PARAMS);
    expect(proof).toEqual(ok({ text: 'Secret shop/db holds password, user' }));
    expect(JSON.stringify([changes, applied, proof, said, state()])).not.toContain(CANARY);
  });

  it('delivers a new value of the store, and brings the former one back', async () => {
    const { state, apply, live, store, context, said } = bench();
    await apply();
    store.set('db/password', Buffer.from('new'));
    const before = state();
    expect(secretsDeliver.diff(before, PARAMS)).toEqual([
      { kind: 'change', what: 'Secret shop/db', sensitive: true },
      { kind: 'warn', what: 'pods that run take the new values when they start again' },
    ]);
    await apply();
    expect(plain(live(), 'password')).toBe('new');
    expect(await secretsDeliver.revert?.(context, PARAMS, before)).toEqual(ok(undefined));
    expect(plain(live(), 'password')).toBe(CANARY);
    expect(JSON.stringify(said)).not.toContain(CANARY);
  });

  it('takes away what was not there before', async () => {
    const { state, apply, live, context } = bench();
    const before = state();
    await apply();
    expect(await secretsDeliver.revert?.(context, PARAMS, before)).toEqual(ok(undefined));
    expect(live()).toBeUndefined();
    expect(await secretsDeliver.revert?.(context, PARAMS, before)).toEqual(ok(undefined));
  });

  it('leaves a Secret of somebody else alone, and pauses', async () => {
    const { server, state, apply, live } = bench();
    const own = { password: Buffer.from('theirs').toString('base64') };
    server.put({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db', namespace: 'shop' }, data: own });
    expect(secretsDeliver.diff(state(), PARAMS)).toEqual([
      { kind: 'warn', what: 'Secret shop/db: Drover did not make it' },
    ]);
    expect(await apply()).toMatchObject({ ok: false, error: { class: 'person', code: 'secret-foreign' } });
    expect(plain(live(), 'password')).toBe('theirs');
  });

  it('never quotes a value that the API refuses', async () => {
    const { server, apply } = bench();
    const secret = Buffer.from(CANARY).toString('base64');
    server.invalid = () => [{ field: 'data[password]', message: `Invalid value: "${secret}"` }];
    const refused = await apply();
    expect(refused).toMatchObject({ ok: false, error: { code: 'kube-invalid' } });
    expect(JSON.stringify(refused)).not.toContain(secret);
  });

  it('is not proven when a key is gone', async () => {
    const { server, apply, live, context } = bench();
    await apply();
    const now = live();
    if (now === undefined) throw new Error('nothing was delivered');
    server.put({ ...now, data: { user: 'YXBw' } });
    expect(await secretsDeliver.verify(context, PARAMS)).toMatchObject({
      ok: false,
      error: { code: 'secret-not-delivered', message: 'Secret shop/db lacks password' },
    });
  });

  it('stops when the store lacks a value, before anything is written', async () => {
    const { store, apply, live } = bench();
    store.delete('db/password');
    expect(await apply()).toMatchObject({ ok: false, error: { message: 'there is no secret db/password' } });
    expect(live()).toBeUndefined();
  });
});

describe('which secrets are delivered where', () => {
  const declared = [
    { name: 'db', keys: ['user', 'password'] },
    { name: 'pull', keys: ['.dockerconfigjson'] },
    { name: 'own', keys: ['tls.crt', 'tls.key'] },
    { name: 'unused', keys: ['a'] },
  ];
  const cluster = clusterOf({ hosts: 1 }, { spec: { secrets: { declared } } });
  const deployment = (namespace: string, pod: Record<string, unknown>): KubeObject => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace },
    spec: { template: { spec: pod } },
  });
  const env = [{ name: 'A', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }];

  it('is where objects refer to them, each once, with the type that its keys ask for', () => {
    const ingress: KubeObject = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { tls: [{ hosts: ['a.example'], secretName: 'own' }] },
    };
    const sets = [
      objectSet('application/shop/web', [
        deployment('shop', { containers: [{ name: 'web', env }], imagePullSecrets: [{ name: 'pull' }] }),
        ingress,
      ]),
      objectSet('application/shop/api', [deployment('shop', { containers: [{ name: 'api', env }] })]),
      objectSet('application/back/job', [deployment('back', { containers: [{ name: 'job', env }] })]),
    ];
    expect(deliveriesOf(sets, cluster)).toEqual([
      { namespace: 'back', name: 'db', type: 'Opaque', keys: ['password', 'user'] },
      { namespace: 'shop', name: 'db', type: 'Opaque', keys: ['password', 'user'] },
      { namespace: 'shop', name: 'own', type: 'kubernetes.io/tls', keys: ['tls.crt', 'tls.key'] },
      {
        namespace: 'shop',
        name: 'pull',
        type: 'kubernetes.io/dockerconfigjson',
        keys: ['.dockerconfigjson'],
      },
    ]);
  });
});
