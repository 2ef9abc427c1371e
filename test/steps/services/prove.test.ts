import { describe, expect, it } from 'vitest';
import type { Kube, KubeObject } from '../../../src/core/ports/kube.js';
import { ok } from '../../../src/core/result.js';
import { servicesProve } from '../../../src/steps/services/prove.js';
import type { ApplyContext } from '../../../src/steps/step.js';
import { systemClock } from '../../support/ports.js';

const NODES = [
  { name: 'n1', address: '10.0.0.1' },
  { name: 'n2', address: '10.0.0.2' },
];

/** Which pods a node’s rules lead to, given those that are behind the Service. */
type Rules = (node: string, behind: readonly string[]) => readonly string[];

const follows: Rules = (_node, behind) => behind;

/** An API with one namespace, and nodes whose rules are as told. */
const bench = (rules: Rules) => {
  const pods = new Map<string, KubeObject>();
  const told = { removed: 0, rounds: [] as string[] };
  const behind = (): readonly string[] =>
    [...pods.values()]
      .filter(({ metadata }) => (metadata.labels as Record<string, unknown>)['drover.dev/behind'] === 'probe')
      .map(({ metadata }) => metadata.name);
  const answer = (node: string): string => rules(node, behind())[0] ?? '-';
  const nodeOf = (name: string): string =>
    (pods.get(name)?.['spec'] as { readonly nodeName?: string } | undefined)?.nodeName ?? '';
  const ready = (pod: KubeObject): KubeObject => ({
    ...pod,
    status: { phase: 'Running', podIP: '10.42.0.9', conditions: [{ type: 'Ready', status: 'True' }] },
  });
  const kube = {
    create: ({ resource }: { resource: { plural: string } }, object: KubeObject) => {
      if (resource.plural === 'services')
        return Promise.resolve(
          ok({ ...object, spec: { clusterIP: '10.43.0.7', ports: [{ nodePort: 30_007 }] } }),
        );
      if (resource.plural === 'pods') pods.set(object.metadata.name, object);
      return Promise.resolve(ok(object));
    },
    patch: ({ name }: { name: string }, patch: { metadata: { labels: Record<string, string | null> } }) => {
      const pod = pods.get(name);
      if (pod === undefined) throw new Error(`no ${name}`);
      const labels = { ...pod.metadata.labels, ...patch.metadata.labels } as Record<string, string>;
      pods.set(name, { ...pod, metadata: { ...pod.metadata, labels } });
      return Promise.resolve(ok(pod));
    },
    list: async function* ({ plural }: { plural: string }) {
      await Promise.resolve();
      const namespace = {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: 'probes', labels: { 'drover.dev/switch': '' } },
      };
      yield ok({ items: plural === 'pods' ? [...pods.values()].map(ready) : [namespace] });
    },
    delete: () => {
      told.removed += 1;
      return Promise.resolve(ok(undefined));
    },
    exec: ({ name }: { name: string }) =>
      Promise.resolve(ok({ stdout: Buffer.from(answer(nodeOf(name))), stderr: '', code: 0 })),
  } as unknown as Kube;
  const context = {
    run: 'r1',
    kube: () => Promise.resolve(ok(kube)),
    clock: systemClock,
    signal: new AbortController().signal,
    progress: (text: string) => told.rounds.push(text),
    on: (node: string) => ({
      read: (script: string) => {
        const places = [...script.matchAll(/^ask (\S+) /gm)].map(([, place = '']) => place);
        return Promise.resolve(
          ok({ status: 0, stdout: places.map((place) => `${place} ${answer(node)}`).join('\n'), stderr: '' }),
        );
      },
    }),
  } as unknown as ApplyContext;
  return { context, told };
};

const PARAMS = { nodes: NODES, image: 'busybox', by: 'kube-proxy', limitSeconds: 0.05 };
const prove = (rules: Rules) => {
  const { context, told } = bench(rules);
  return { told, done: servicesProve.apply(context, PARAMS, { known: true }) };
};

describe('the proof that Services follow their endpoints', () => {
  it('moves the pods behind a Service, adds and takes away, and asks from every node each time', async () => {
    const { told, done } = prove(follows);
    // Four times: two pods by the ClusterIP, two hosts by the ClusterIP and both NodePorts.
    expect(await done).toEqual({ ok: true, value: { answers: 32 } });
    expect(told.rounds.filter((text) => text.startsWith('every node'))).toEqual([
      'every node asks a Service with answers-0 behind it',
      'every node asks a Service with answers-1 behind it',
      'every node asks a Service with answers-0 and answers-1 behind it',
      'every node asks a Service with answers-0 behind it',
    ]);
  });

  it('is not fooled by rules that lead where they led before', async () => {
    const { done } = prove((node, behind) => (node === 'n2' ? ['answers-0'] : behind));
    expect(await done).toMatchObject({
      ok: false,
      error: {
        code: 'services-not-proven',
        host: 'n2',
        message: 'n2: a Service does not follow its endpoints, which are answers-1 now',
        cause: expect.stringContaining(
          'n2, pod → ClusterIP: answers-0, which is not behind it any more',
        ) as string,
      },
    });
  });

  it('says from where nobody answers', async () => {
    const { done } = prove(() => []);
    expect(await done).toMatchObject({
      error: {
        message: 'n1 and n2: a Service does not follow its endpoints, which are answers-0 now',
        cause: expect.stringContaining('n1, host → NodePort of n1: no answer') as string,
      },
    });
  });

  it('always has something to do, and says what', () => {
    expect(servicesProve.diff({ known: true }, PARAMS)).toHaveLength(1);
    expect(servicesProve.title(PARAMS)).toBe(
      'Prove that Services follow their endpoints by kube-proxy, from 2 nodes',
    );
  });
});
