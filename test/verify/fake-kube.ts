import type { Kube, KubeFailure, KubeObject } from '../../src/core/ports/kube.js';
import { err, ok } from '../../src/core/result.js';

export const missing: KubeFailure = { kind: 'not-found', status: 404, message: 'not found', causes: [] };

const unasked = (): never => {
  throw new Error('this test asks for nothing of the kind');
};

/** A cluster that answers only what a test says; everything else is a bug of the test. */
export const fakeKube = (answers: Partial<Kube>): Kube => ({
  target: { server: 'https://10.0.0.1:6443', context: 'test' },
  version: unasked,
  discover: unasked,
  get: unasked,
  list: unasked,
  apply: unasked,
  create: (_ref, object) => Promise.resolve(ok(object)),
  patch: unasked,
  delete: unasked,
  watch: unasked,
  exec: unasked,
  logs: unasked,
  portForward: unasked,
  raw: unasked,
  close: () => undefined,
  ...answers,
});

/** A list of one page. */
export const listing = (items: readonly KubeObject[]): Kube['list'] =>
  async function* () {
    await Promise.resolve();
    yield ok({ items, resourceVersion: '1' });
  };

/** A watch that shows objects at once, and then nothing until it is stopped. */
export const watching = (items: readonly KubeObject[]): Kube['watch'] =>
  async function* (_resource, { signal }) {
    yield ok({ type: 'RELISTED', items });
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  };

export const refused =
  (message: string): Kube['raw'] =>
  () =>
    Promise.resolve(err({ kind: 'unavailable', status: 503, message, causes: [] }));

export const node = (
  name: string,
  part: {
    readonly conditions?: Readonly<Record<string, string>>;
    readonly version?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly podCidr?: string;
  } = {},
): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, annotations: part.annotations ?? {} },
  spec: { podCIDR: part.podCidr ?? '10.42.0.0/24' },
  status: {
    nodeInfo: { kubeletVersion: part.version ?? 'v1.36.4+k3s1' },
    addresses: [{ type: 'InternalIP', address: '10.0.0.1' }],
    conditions: Object.entries(part.conditions ?? { Ready: 'True' }).map(([type, status]) => ({
      type,
      status,
      reason: status === 'True' ? 'Fine' : 'Broken',
    })),
  },
});
