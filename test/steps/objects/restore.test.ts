import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/core/events/run.js';
import type { KubeFailure, KubeObject } from '../../../src/core/ports/kube.js';
import { object } from '../../bundle/support/objects.js';
import { contentOf, gateClock, type Life, live, restorePlan, sourceOf, wayBack } from './support/bench.js';
import {
  circle,
  definition,
  namespace,
  secret,
  settings,
  shop,
  target,
  web,
  widget,
} from './support/shop.js';

const begin = (life: Omit<Life, 'journal'>): Life => ({ ...life, journal: [] });

const specOf = (object: KubeObject | undefined): unknown => object?.['spec'];

describe('restoring objects', () => {
  it('writes every wave, adopts what the cluster made, changes what was there, and links owners to their new UIDs', async () => {
    const life = begin(shop({ existing: 'update' }));
    const { server } = life;
    const summary = await live(life);
    expect(summary.event).toMatchObject({ outcome: 'done', state: 'all 7 actions done and proven' });
    expect(server.find('v1', 'ConfigMap', 'shared', 'shared')?.['data']).toEqual({
      colour: 'blue',
      kept: 'yes',
    });
    expect(server.find('v1', 'ServiceAccount', 'default', 'shop')?.['imagePullSecrets']).toEqual([
      { name: 'pull' },
    ]);
    const made = server.find('v1', 'Secret', 'made-for-web', 'shop');
    expect(made?.metadata['ownerReferences']).toEqual([
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        name: 'web',
        uid: server.find('apps/v1', 'Deployment', 'web', 'shop')?.metadata.uid,
      },
    ]);
    expect(specOf(server.find('batch/v1', 'CronJob', 'nightly', 'shop'))).toMatchObject({ suspend: true });
    expect(specOf(server.find('apps/v1', 'Deployment', 'web', 'shop'))).toMatchObject({ replicas: 3 });
    expect(server.find('networking.k8s.io/v1', 'Ingress', 'web', 'shop')).toBeDefined();
  });

  it('keeps no plain secret and no object in the journal: former states are sealed', async () => {
    const life = begin(shop({ existing: 'update' }));
    await live(life);
    const text = JSON.stringify(life.journal);
    expect(text).not.toContain('aHVzaA==');
    expect(text).not.toContain('colour');
    expect(text).toContain('"sealed":"');
  });

  it('restores workloads at zero replicas, and says in the journal what they had', async () => {
    const life = begin(shop({ existing: 'update', replicas: 'zero' }));
    await live(life);
    expect(specOf(life.server.find('apps/v1', 'Deployment', 'web', 'shop'))).toMatchObject({ replicas: 0 });
    expect(JSON.stringify(life.journal)).toContain('at 0 of 3 replicas');
    expect(JSON.stringify(life.journal)).toContain(', suspended');
  });

  it('writes objects that own each other, names their owners afterwards, and takes them back', async () => {
    const life = begin(circle());
    const { server, plan, journal } = life;
    server.put(namespace);
    const before = contentOf(server);
    const summary = await live(life);
    expect(summary.event.why).toBeUndefined();
    expect(summary.event.outcome).toBe('done');
    const ownersOf = (name: string) =>
      (server.find('v1', 'ConfigMap', name, 'shop')?.metadata['ownerReferences'] ?? []) as readonly {
        readonly name: string;
        readonly uid: string;
      }[];
    for (const [name, owner] of [
      ['first', 'second'],
      ['second', 'third'],
      ['third', 'first'],
      ['outside', 'third'],
    ] as const) {
      const uid = server.find('v1', 'ConfigMap', owner, 'shop')?.metadata.uid;
      expect(ownersOf(name)).toMatchObject([{ name: owner, uid }]);
    }
    const back = await live({
      ...life,
      plan: wayBack(plan, journal),
      run: 'r2',
      journal: [],
      journals: { r1: journal },
    });
    expect(back.event.outcome).toBe('rolled-back');
    expect(contentOf(server)).toEqual(before);
  });

  it('leaves objects that own each other when one of them is refused, and says which', async () => {
    const life = begin(circle());
    life.server.put(namespace);
    life.server.invalid = ({ metadata }) =>
      metadata.name === 'second' ? [{ field: 'data', message: 'is too long' }] : [];
    const summary = await live(life);
    expect(summary.event.outcome).toBe('stopped');
    expect(summary.event.why).toContain('shop/ConfigMap/second: ConfigMap "second" is invalid: is too long');
    expect(summary.event.why).toContain('shop/ConfigMap/first: what owns it could not be written');
  });

  it('leaves what exists as it is when told to skip it', async () => {
    const life = begin({
      server: target(),
      source: sourceOf([secret]),
      plan: restorePlan([{ objects: [namespace] }, { objects: [secret], verdict: () => 'later' }], {
        existing: 'skip',
      }),
    });
    life.server.put(namespace);
    life.server.put({ ...secret, data: { password: 'b3RoZXI=' } });
    const plan = restorePlan([{ objects: [secret], verdict: () => 'later' }], { existing: 'skip' });
    expect((await live({ ...life, plan })).event.outcome).toBe('done');
    expect(life.server.find('v1', 'Secret', 'login', 'shop')?.['data']).toEqual({ password: 'b3RoZXI=' });
  });

  it('stops at an object that came into being since the plan, goes on with the rest, and tells which', async () => {
    const server = target();
    server.put(namespace);
    server.put({ ...secret, data: { password: 'b3RoZXI=' } });
    const life = begin({
      server,
      source: sourceOf([secret, settings]),
      plan: restorePlan([{ objects: [secret, settings] }]),
    });
    const summary = await live(life);
    expect(summary.event).toMatchObject({ outcome: 'stopped', failed: 1 });
    expect(summary.event.why).toContain(
      'shop/Secret/login: it is there already, and spec.restore.existing is fail',
    );
    expect(server.find('v1', 'Secret', 'login', 'shop')?.['data']).toEqual({ password: 'b3RoZXI=' });
    expect(server.find('v1', 'ConfigMap', 'settings', 'shop')).toBeDefined();
  });

  it('takes an object without a single owned field for its own, as after a crash between its creation and the answer', async () => {
    const account = object('v1', 'ServiceAccount', 'app');
    const server = target();
    server.put(namespace);
    const life = begin({ server, source: sourceOf([account]), plan: restorePlan([{ objects: [account] }]) });
    // A ServiceAccount without anything in it: the API notes nobody as its owner, whoever has made it.
    server.put(account, '');
    const summary = await live(life);
    expect(summary.event.why).toBeUndefined();
    expect(summary.event).toMatchObject({ outcome: 'done' });
  });

  it('leaves a refused object and what depends on it, writes the rest, and tries again when resumed', async () => {
    const life = begin(shop({ existing: 'update' }));
    life.server.invalid = (object) =>
      object.kind === 'Service' ? [{ field: 'spec.clusterIP', message: 'is taken' }] : [];
    const summary = await live(life);
    expect(summary.event.outcome).toBe('stopped');
    expect(summary.event.why).toMatchInlineSnapshot(`
      "2 objects could not be written; everything else is there: shop/Service/web: Service "web" is invalid: is taken
      shop/Ingress.networking.k8s.io/web: it needs shop/Service/web, which is not there"
    `);
    expect(life.server.find('apps/v1', 'Deployment', 'web', 'shop')).toBeDefined();
    expect(life.server.find('example.com/v1', 'Widget', 'one', 'shop')).toBeDefined();
    expect(life.server.find('networking.k8s.io/v1', 'Ingress', 'web', 'shop')).toBeUndefined();
    life.server.invalid = () => [];
    const before = life.server.calls.length;
    expect((await live(life)).event.outcome).toBe('done');
    expect(life.server.find('networking.k8s.io/v1', 'Ingress', 'web', 'shop')).toBeDefined();
    const written = life.server.calls
      .slice(before)
      .filter(({ verb, dryRun }) => verb === 'create' && !dryRun);
    expect(written.map(({ ref }) => ref.resource?.plural)).toEqual(['services', 'ingresses']);
  });

  it('refuses fields that the kind does not know', async () => {
    const life = begin(shop({ existing: 'update' }));
    life.server.unknownFields = ({ kind }) => (kind === 'CronJob' ? ['spec.jobs'] : []);
    const summary = await live(life);
    expect(summary.event.why).toContain('unknown field "spec.jobs"');
    expect(life.server.find('batch/v1', 'CronJob', 'nightly', 'shop')).toBeUndefined();
  });

  it.each<[string, KubeFailure]>([
    [
      'that slows down',
      { kind: 'too-many-requests', status: 429, message: 'slow', causes: [], retryAfterMs: 1000 },
    ],
    [
      'whose webhook cannot be called',
      { kind: 'server', status: 500, message: 'failed calling webhook', causes: [] },
    ],
    ['that is not ready', { kind: 'unavailable', status: 503, message: 'not yet', causes: [] }],
    ['that conflicts', { kind: 'conflict', status: 409, message: 'modified', causes: [] }],
  ])('waits for an API %s', async (_what, refusal) => {
    const life = begin(shop({ existing: 'update' }));
    const seen = new Map<string, number>();
    life.server.failing = ({ verb, ref }) => {
      const key = `${verb} ${ref.resource?.plural ?? ''} ${ref.name ?? ''}`;
      const times = (seen.get(key) ?? 0) + 1;
      seen.set(key, times);
      return ['create', 'apply'].includes(verb) && times < 4 ? refusal : undefined;
    };
    expect((await live(life)).event.outcome).toBe('done');
  });

  it('gives up on one object whose webhook never answers, and goes on with the others', async () => {
    const life = begin(shop({ existing: 'update' }));
    life.server.failing = ({ verb, ref }) =>
      verb === 'create' && ref.resource?.plural === 'widgets'
        ? { kind: 'server', status: 500, message: 'failed calling webhook "w"', causes: [] }
        : undefined;
    const summary = await live(life);
    expect(summary.event.why).toContain('shop/Widget.example.com/one: failed calling webhook "w"');
    expect(life.server.find('networking.k8s.io/v1', 'Ingress', 'web', 'shop')).toBeDefined();
  });

  it('stops at once when the credentials are no longer good, and goes on with them later', async () => {
    const life = begin(shop({ existing: 'update' }));
    life.server.failing = ({ verb, ref }) =>
      verb === 'create' && ref.resource?.plural === 'configmaps'
        ? { kind: 'unauthorized', status: 401, message: 'Unauthorized', causes: [] }
        : undefined;
    const summary = await live(life);
    expect(summary.event).toMatchObject({ outcome: 'stopped' });
    expect(summary.failures.map(({ code }) => code)).toEqual(['kube-unauthorized']);
    expect(life.server.find('apps/v1', 'Deployment', 'web', 'shop')).toBeUndefined();
    life.server.failing = () => undefined;
    expect((await live(life)).event.outcome).toBe('done');
  });

  it('refuses another bundle than the one that was planned', async () => {
    const life = begin(shop());
    const summary = await live({ ...life, source: { ...life.source, digest: 'c'.repeat(64) } });
    expect(summary.failures.map(({ code }) => code)).toEqual(['objects-other-bundle']);
    expect(life.server.calls.filter(({ verb }) => verb === 'create')).toEqual([]);
  });

  it('fails its proof when somebody deletes what was written', async () => {
    const life = begin(shop({ existing: 'update' }));
    const { store } = life.server;
    life.server.failing = ({ verb, ref }) => {
      const written = store.refOf(secret);
      const looks = verb === 'get' && ref.name === 'login' && ref.resource?.plural === 'secrets';
      if (looks && written.ok) store.remove(written.value);
      return undefined;
    };
    const summary = await live(life);
    expect(summary.failures.map(({ code }) => code)).toEqual(['objects-missing']);
    expect(summary.event.why).toContain('1 object not there although written: shop/Secret/login');
  });

  it('says which gate did not open, and what the API says about it; nothing of the wave is written', async () => {
    const life = begin({ ...shop({ existing: 'update' }), clock: gateClock('at-once') });
    life.server.settled = (object) =>
      object.kind === 'Deployment'
        ? { ...object, status: { availableReplicas: 1, observedGeneration: 99 } }
        : object;
    const told: string[] = [];
    const summary = await live({ ...life, told });
    expect(summary.failures.map(({ code }) => code)).toEqual(['objects-gate']);
    expect(summary.event.why).toContain('Deployment shop/web did not come about within 600 s: ');
    expect(summary.event.why).toContain('1 of 3 replicas are ready');
    expect(told).toContain('waiting for Deployment shop/web');
    expect(life.server.find('example.com/v1', 'Widget', 'one', 'shop')).toBeUndefined();
  });

  it('waits on a watch until a workload is ready', async () => {
    const life = begin(shop({ existing: 'update' }));
    const { server } = life;
    let ready = 0;
    server.settled = (object) =>
      object.kind === 'Deployment'
        ? { ...object, status: { availableReplicas: ready, observedGeneration: 99 } }
        : object;
    const told: string[] = [];
    const running = live({ ...life, told });
    await expect.poll(() => told).toContain('waiting for Deployment shop/web');
    expect(server.find('example.com/v1', 'Widget', 'one', 'shop')).toBeUndefined();
    ready = 3;
    const now = server.find('apps/v1', 'Deployment', 'web', 'shop');
    if (now === undefined) throw new Error('no deployment');
    server.put(now, 'kube-controller-manager');
    expect((await running).event.outcome).toBe('done');
  });
});

describe('taking a restore back', () => {
  const back = async (life: Life, overwrite = false) => {
    const journal: RunEvent[] = [];
    const plan = wayBack(life.plan, life.journal, overwrite);
    const summary = await live({ ...life, plan, journal, run: 'r2', journals: { r1: life.journal } });
    return { summary, journal };
  };

  it('removes what the run made and puts back what it changed: everything is as before', async () => {
    const life = begin(shop({ existing: 'update' }));
    const before = contentOf(life.server);
    await live(life);
    const { summary } = await back(life);
    expect(summary.event.outcome).toBe('rolled-back');
    expect(contentOf(life.server)).toEqual(before);
  });

  it('takes back also what a last wave wrote', async () => {
    const life = begin(shop({ existing: 'update' }));
    const before = contentOf(life.server);
    life.server.invalid = ({ kind }) => (kind === 'Service' ? [{ message: 'no' }] : []);
    await live(life);
    life.server.invalid = () => [];
    await live(life);
    expect((await back(life)).summary.event.outcome).toBe('rolled-back');
    expect(contentOf(life.server)).toEqual(before);
  });

  it('pauses before an object that others changed, and takes it all the same when told to', async () => {
    const life = begin(shop({ existing: 'update' }));
    const before = contentOf(life.server);
    await live(life);
    life.server.put({ ...settings, data: { mode: 'by hand' } }, 'kubectl-edit');
    const { summary } = await back(life);
    expect(summary.event.outcome).toBe('paused');
    expect(summary.event.why).toContain('shop/ConfigMap/settings: kubectl-edit changed it since');
    expect(life.server.find('v1', 'ConfigMap', 'settings', 'shop')).toBeDefined();
    expect((await back(life, true)).summary.event.outcome).toBe('rolled-back');
    expect(contentOf(life.server)).toEqual(before);
  });

  it('leaves an object of the same name that others made anew', async () => {
    const life = begin({
      server: target(),
      source: sourceOf([secret]),
      plan: restorePlan([{ objects: [secret] }]),
    });
    life.server.put(namespace);
    await live(life);
    const ref = life.server.store.refOf(secret);
    if (!ref.ok) throw new Error('no ref');
    life.server.store.remove(ref.value);
    life.server.put({ ...secret, data: { password: 'bmV3' } });
    expect((await back(life)).summary.event.outcome).toBe('rolled-back');
    expect(life.server.find('v1', 'Secret', 'login', 'shop')?.['data']).toEqual({ password: 'bmV3' });
  });

  it('does not delete a namespace or a definition with what others put there', async () => {
    const life = begin({
      server: target(),
      source: sourceOf([definition, namespace, web]),
      plan: restorePlan([{ objects: [definition, namespace] }]),
    });
    await live(life);
    life.server.put({ ...widget, metadata: { ...widget.metadata, name: 'theirs' } });
    const { summary } = await back(life);
    expect(summary.event.outcome).toBe('paused');
    expect(summary.event.why).toContain('others have put something there: shop/Widget.example.com/theirs');
    expect(life.server.find('example.com/v1', 'Widget', 'theirs', 'shop')).toBeDefined();
    expect(life.server.find('v1', 'Namespace', 'shop')).toBeDefined();
  });

  it('does not delete a volume that nobody agreed to lose', async () => {
    const claim: KubeObject = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace: 'shop' },
      spec: { resources: { requests: { storage: '1Gi' } } },
    };
    const life = begin({
      server: target(),
      source: sourceOf([claim]),
      plan: restorePlan([{ objects: [claim] }]),
    });
    life.server.put(namespace);
    await live(life);
    life.server.put({ ...claim, status: { phase: 'Bound' } }, 'kube-controller-manager');
    const { summary } = await back(life);
    expect(summary.failures.map(({ code }) => code)).toEqual(['rollback-data']);
    expect(life.server.find('v1', 'PersistentVolumeClaim', 'data', 'shop')).toBeDefined();
  });
});
