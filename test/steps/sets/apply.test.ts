import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/core/events/run.js';
import type { Kube } from '../../../src/core/ports/kube.js';
import { ok } from '../../../src/core/result.js';
import { apiServer } from '../../bundle/support/api/server.js';
import { contentOf, gateClock, live, wayBack } from '../objects/support/bench.js';
import {
  cluster,
  definition,
  lifeOf,
  namespace,
  planFor,
  settings,
  shopSet,
  web,
  widget,
} from './support/platform.js';

const changesOf = async (...args: Parameters<typeof planFor>) =>
  (await planFor(...args)).stages.flatMap(({ actions }) => actions.flatMap(({ changes }) => changes));

const failureIn = (journal: readonly RunEvent[]) =>
  journal.flatMap((event) => (event.type === 'action-failed' ? [event] : []))[0];

describe('an object set', () => {
  it('is planned object by object: what comes with it is known when it comes', async () => {
    expect(
      await changesOf(cluster(), [{ set: shopSet(definition, namespace, settings('a'), widget) }]),
    ).toEqual([
      { kind: 'add', what: 'CustomResourceDefinition.apiextensions.k8s.io/widgets.example.com' },
      { kind: 'add', what: 'Namespace/shop' },
      { kind: 'unknown', what: 'shop/ConfigMap/settings' },
      { kind: 'unknown', what: 'shop/Widget.example.com/one' },
    ]);
  });

  it('is applied with an own manager, and nothing is left to do', async () => {
    const server = cluster();
    const set = shopSet(definition, namespace, settings('a'), widget, web('web:1'));
    const { event } = await live(await lifeOf(server, [set]));
    expect(event.outcome).toBe('done');
    expect(server.find('v1', 'ConfigMap', 'settings', 'shop')?.metadata).toMatchObject({
      labels: { 'drover.dev/set': 'application.shop.web' },
      annotations: { 'drover.dev/set-name': 'application/shop/web' },
      managedFields: [{ manager: 'drover', operation: 'Apply' }],
    });
    expect(await changesOf(server, [{ set }])).toEqual([]);
  });

  it('shows what changes field by field, and whose fields are taken over', async () => {
    const server = cluster();
    await live(await lifeOf(server, [shopSet(namespace, settings('a'), web('web:1'))]));
    server.put(
      { ...server.find('v1', 'ConfigMap', 'settings', 'shop')!, data: { mode: 'by hand' } },
      'kubectl-edit',
    );
    expect(await changesOf(server, [{ set: shopSet(namespace, settings('b'), web('web:2')) }])).toEqual([
      { kind: 'warn', what: 'shop/ConfigMap/settings: what kubectl-edit set there is taken over' },
      { kind: 'change', what: 'shop/ConfigMap/settings data.mode', before: '"by hand"', after: '"b"' },
      {
        kind: 'change',
        what: 'shop/Deployment.apps/web spec.template.spec.containers[0].image',
        before: '"web:1"',
        after: '"web:2"',
      },
    ]);
  });

  it('removes what it has lost, but neither data nor namespaces in which others are', async () => {
    const server = cluster();
    const claim = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace: 'shop' },
      spec: {},
    };
    await live(await lifeOf(server, [shopSet(namespace, settings('a'), settings('x', 'old'), claim)]));
    const less = shopSet(namespace, settings('a'));
    expect(await changesOf(server, [{ set: less }])).toEqual([
      { kind: 'remove', what: 'shop/ConfigMap/old' },
    ]);
    expect((await live(await lifeOf(server, [less]))).event.outcome).toBe('done');
    expect(server.find('v1', 'ConfigMap', 'old', 'shop')).toBeUndefined();
    expect(server.find('v1', 'PersistentVolumeClaim', 'data', 'shop')).toBeDefined();
    expect(await changesOf(server, [])).toEqual([{ kind: 'remove', what: 'shop/ConfigMap/settings' }]);
  });

  it('that is wanted no more goes whole, before others come', async () => {
    const server = cluster();
    await live(await lifeOf(server, [shopSet(namespace, settings('a'), web('web:1'))]));
    const plan = await planFor(server, [{ set: { ...shopSet(), name: 'ingress/traefik' } }]);
    expect(plan.stages[0]?.actions.map(({ title }) => title)).toEqual(['Remove application/shop/web']);
    expect((await live(await lifeOf(server, []))).event.outcome).toBe('done');
    expect(server.find('v1', 'Namespace', 'shop')).toBeUndefined();
    expect(await changesOf(server, [])).toEqual([]);
  });

  it('refuses nothing that is its own, and everything that belongs to another set', async () => {
    const server = cluster();
    await live(await lifeOf(server, [shopSet(namespace, settings('a'))]));
    const other = { name: 'chart/shop/other', objects: [settings('b')] };
    expect(await changesOf(server, [{ set: shopSet(namespace, settings('a')) }, { set: other }])).toEqual([
      {
        kind: 'warn',
        what: 'shop/ConfigMap/settings: the API refuses it',
        after: 'it belongs to the set application/shop/web',
      },
    ]);
  });

  it('is taken back: what it made goes, what it changed and removed is again what it was', async () => {
    const server = cluster();
    await live(await lifeOf(server, [shopSet(namespace, settings('a'), settings('x', 'old'), web('web:1'))]));
    const before = contentOf(server);
    const life = await lifeOf(server, [
      shopSet(namespace, settings('b'), settings('new', 'new'), web('web:2')),
    ]);
    expect((await live(life)).event.outcome).toBe('done');
    const back = {
      ...life,
      plan: wayBack(life.plan, life.journal),
      journal: [],
      run: 'r2',
      journals: { r1: life.journal },
    };
    expect((await live(back)).event.outcome).toBe('rolled-back');
    expect(contentOf(server)).toEqual(before);
  });

  it('that is removed as a whole comes back: what others live in before these', async () => {
    const server = cluster();
    await live(await lifeOf(server, [shopSet(namespace, settings('a'), web('web:1'))]));
    const before = contentOf(server);
    const life = await lifeOf(server, []);
    expect((await live(life)).event.outcome).toBe('done');
    server.calls.length = 0;
    const back = {
      ...life,
      plan: wayBack(life.plan, life.journal),
      journal: [],
      run: 'r2',
      journals: { r1: life.journal },
    };
    expect((await live(back)).event.outcome).toBe('rolled-back');
    expect(contentOf(server)).toEqual(before);
    const made = server.calls.flatMap(({ verb, object }) => (verb === 'create' ? [object?.kind] : []));
    expect(made[0]).toBe('Namespace');
    expect(made.at(-1)).toBe('Deployment');
  });

  it('that the API refuses in part is not begun', async () => {
    const server = cluster();
    server.unknownFields = ({ kind }) => (kind === 'ConfigMap' ? ['data.moode'] : []);
    const life = await lifeOf(server, [shopSet(namespace, settings('a'))]);
    expect((await live(life)).event.outcome).toBe('stopped');
    expect(failureIn(life.journal)).toMatchObject({ code: 'set-refused' });
    expect(server.find('v1', 'Namespace', 'shop')).toBeUndefined();
  });

  it('that was rendered otherwise since the plan is not applied', async () => {
    const server = cluster();
    const life = await lifeOf(server, [shopSet(namespace, settings('a'))]);
    await live({ ...life, sets: [shopSet(namespace, settings('b'))] });
    expect(failureIn(life.journal)).toMatchObject({ code: 'set-changed' });
    expect(server.find('v1', 'Namespace', 'shop')).toBeUndefined();
  });
});

describe('a set that does not get ready', () => {
  const pod = (name: string, node: string, status: object) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', labels: { app: 'web' } },
    spec: { nodeName: node, containers: [{ name: 'web', image: 'web:1' }] },
    status,
  });
  const waiting = (reason: string, message: string) => ({
    containerStatuses: [
      { name: 'web', image: 'web:1', ready: false, restartCount: 0, state: { waiting: { reason, message } } },
    ],
  });

  it('says which probe fails, what the log ends with, and which node cannot pull', async () => {
    const server = apiServer('b');
    server.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    const unready = {
      containerStatuses: [
        { name: 'web', image: 'web:1', ready: false, restartCount: 0, state: { running: {} } },
      ],
    };
    const first = server.put(pod('web-1', 'k3s-worker-01', unready));
    server.put(pod('web-2', 'k3s-worker-02', waiting('ImagePullBackOff', 'not found')));
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'web-1.1', namespace: 'shop' },
      type: 'Warning',
      reason: 'Unhealthy',
      message: 'Readiness probe failed: HTTP probe failed with statuscode: 503',
    };
    async function* events() {
      yield await Promise.resolve(ok({ items: [event], resourceVersion: '1' }));
    }
    const kube: Kube = {
      ...server.kube,
      list: (kind, options) =>
        kind.plural !== 'events'
          ? server.kube.list(kind, options)
          : options?.fieldSelector === `involvedObject.uid=${first.metadata.uid}`
            ? events()
            : server.kube.list({ group: '', version: 'v1', plural: 'secrets' }, options),
      logs: ({ name }) => Promise.resolve(ok(name === 'web-1' ? 'starting\nno route to redis\n' : '')),
    };
    const life = await lifeOf(server, [shopSet(namespace, web('web:1'))]);
    const { failures } = await live({ ...life, server: { ...server, kube }, clock: gateClock('at-once') });
    expect(failures[0]).toMatchObject({
      code: 'set-not-ready',
      message:
        'application/shop/web was applied but is not ready after 120 s: shop/Deployment.apps/web: its controller has not seen it yet',
    });
    expect(failures[0]?.cause).toMatchInlineSnapshot(`
      "pod shop/web-1 on k3s-worker-01: Readiness probe failed: HTTP probe failed with statuscode: 503
        | starting
        | no route to redis
      pod shop/web-2 on k3s-worker-02: container web cannot pull web:1 (ImagePullBackOff): not found"
    `);
  });
});
