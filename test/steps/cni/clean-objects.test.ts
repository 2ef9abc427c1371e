import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/core/ports/kube.js';
import { ok } from '../../../src/core/result.js';
import type { ClusterFacts } from '../../../src/facts/cluster/cluster-facts.js';
import { cniCleanObjects } from '../../../src/steps/cni/clean-objects.js';
import type { HostEffects } from '../../../src/steps/effects.js';
import type { ApplyContext, World } from '../../../src/steps/step.js';
import { apiServer } from '../../bundle/support/api/server.js';
import { fakeHost, worldOf } from '../host/world.js';

const KEPT = { kept: [{ driver: 'flannel-k3s' as const, mode: 'vxlan' as const }] };
const NAME = 'ippools.crd.projectcalico.org';

const definition: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: NAME },
  spec: {
    group: 'crd.projectcalico.org',
    scope: 'Cluster',
    names: { plural: 'ippools', kind: 'IPPool' },
    versions: [{ name: 'v1', served: true, storage: true }],
  },
};
const pool: KubeObject = {
  apiVersion: 'crd.projectcalico.org/v1',
  kind: 'IPPool',
  metadata: { name: 'default', finalizers: ['projectcalico.org/held'] },
  spec: { cidr: '192.168.0.0/16' },
};
const node: KubeObject = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name: 'n1',
    annotations: {
      'projectcalico.org/IPv4Address': '10.0.0.1/24',
      'flannel.alpha.coreos.com/backend-type': 'vxlan',
    },
  },
};

const facts = (part: Partial<ClusterFacts> = {}): ClusterFacts =>
  ({
    nodes: [{ name: 'n1', networkAnnotations: Object.keys(node.metadata.annotations ?? {}) }],
    networkDefinitions: [NAME],
    workloads: [],
    ...part,
  }) as unknown as ClusterFacts;

const scene = () => {
  const api = apiServer('demo');
  for (const object of [definition, pool, node]) api.put(object);
  const disk = new Map<string, string>();
  const world: World = { ...worldOf({}), cluster: facts() };
  const { context } = fakeHost(world);
  const effects: HostEffects = {
    ...context.on('h1'),
    read: (script) => {
      const path = /'?(\/var\/lib\/drover\/[^' ]+)/.exec(script)?.[1] ?? '';
      return Promise.resolve(ok({ status: 0, stdout: disk.get(path) ?? '', stderr: '' }));
    },
    files: (goals) => {
      for (const { path, content } of goals) disk.set(path, String(content));
      return Promise.resolve(ok(undefined));
    },
  };
  const at: ApplyContext = {
    ...context,
    subject: { hosts: ['h1'] },
    on: () => effects,
    kube: () => Promise.resolve(ok(api.kube)),
  };
  const state = cniCleanObjects.observe(world, { hosts: ['h1'] }, KEPT);
  return { api, disk, world, at, state };
};

const annotations = ({ api }: Pick<ReturnType<typeof scene>, 'api'>): string[] =>
  Object.keys(api.find('v1', 'Node', 'n1')?.metadata.annotations ?? {}).sort();

describe('objects of unused networks', () => {
  it('are told by network, and those of the network in use are not', () => {
    const { state } = scene();
    expect(cniCleanObjects.diff(state, KEPT)).toEqual([
      { kind: 'remove', what: 'calico: annotations of 1 node', before: 'projectcalico.org/IPv4Address' },
      { kind: 'remove', what: 'calico: 1 definition with all their objects, exported before', before: NAME },
    ]);
    const calico = { kept: [{ driver: 'calico-manifest' as const, mode: null }] };
    const { world } = scene();
    expect(
      cniCleanObjects.diff(cniCleanObjects.observe(world, { hosts: ['h1'] }, calico), calico),
    ).toMatchObject([{ what: 'flannel: annotations of 1 node' }]);
    expect(cniCleanObjects.observe(worldOf({}), { hosts: [] }, KEPT)).toBeUndefined();
  });

  it('are exported before the first of them goes, definitions last, and finalizers hold nothing up', async () => {
    const one = scene();
    const { api, at, state, disk, world } = one;
    const deletes: string[] = [];
    api.failing = ({ verb, ref }) => {
      if (verb === 'patch' || verb === 'delete')
        expect([...disk.values()].join()).toContain('192.168.0.0/16');
      if (verb === 'delete') deletes.push(`${ref.name ?? ''} ${annotations(one).join()}`);
      return undefined;
    };
    expect(await cniCleanObjects.apply(at, KEPT, state)).toEqual({ ok: true, value: {} });
    expect(deletes).toEqual([`${NAME} flannel.alpha.coreos.com/backend-type`]);
    expect(api.find(definition.apiVersion, definition.kind, NAME)).toBeUndefined();
    const looking = { ...at, world, read: () => at.on('h1') };
    expect(await cniCleanObjects.verify(looking as never, KEPT)).toMatchObject({ ok: true });
  });

  it('are exported once: a second attempt does not take what is left for the whole', async () => {
    const { api, at, state, disk } = scene();
    let cut = true;
    api.failing = ({ verb }) =>
      verb === 'delete' && cut
        ? { kind: 'unavailable', message: 'gone for a moment', causes: [] }
        : undefined;
    expect(await cniCleanObjects.apply(at, KEPT, state)).toMatchObject({
      ok: false,
      error: { class: 'transient' },
    });
    const before = [...disk.values()];
    cut = false;
    expect(await cniCleanObjects.apply(at, KEPT, state)).toMatchObject({ ok: true });
    expect([...disk.values()]).toEqual(before);
  });

  it('come back with their definitions and annotations', async () => {
    const one = scene();
    const { api, at, state, world } = one;
    expect(await cniCleanObjects.apply(at, KEPT, state)).toMatchObject({ ok: true });
    expect(await cniCleanObjects.revert?.(at, KEPT, state)).toEqual({ ok: true, value: undefined });
    expect(api.find(pool.apiVersion, pool.kind, 'default')).toMatchObject({
      spec: { cidr: '192.168.0.0/16' },
    });
    expect(annotations(one)).toContain('projectcalico.org/IPv4Address');
    const looking = { ...at, world, read: () => at.on('h1') };
    expect(await cniCleanObjects.verify(looking as never, KEPT)).toMatchObject({ ok: false });
  });
});
