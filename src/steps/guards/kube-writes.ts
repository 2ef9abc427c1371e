import type { Kube, KubeObject } from '../../core/ports/kube.js';
import { type GuardContext, type GuardKind, type GuardSample, sampleEvery } from '../guard.js';

const CONFIG_MAPS = { group: '', version: 'v1', plural: 'configmaps' } as const;
const NAMESPACE = 'kube-system';
const CALL_MS = 5_000;
/** Whoever finds it after this may delete it. */
const LIFE_MS = 24 * 3_600_000;

const objectOf = ({ run, clock }: GuardContext, name: string, count: number): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name,
    namespace: NAMESPACE,
    labels: { 'app.kubernetes.io/managed-by': 'drover' },
    annotations: { 'drover.dev/expires': new Date(clock.now() + LIFE_MS).toISOString() },
  },
  data: { run, count: String(count) },
});

/**
 * The API takes writes: an object of the guard's own is written again and again, by which etcd must agree each time. It is
 * removed when the guard ends.
 */
export const kubeWrites: GuardKind<{ readonly everyMs: number }> = {
  id: 'kube.writes',
  title: () => 'the Kubernetes API takes writes',
  watch: async function* (context, { everyMs }) {
    const ref = { resource: CONFIG_MAPS, namespace: NAMESPACE, name: `drover-writes-${context.run}` };
    let count = 0;
    const write = async (kube: Kube): Promise<GuardSample> => {
      count += 1;
      const options = { fieldManager: 'drover', force: true, timeoutMs: CALL_MS, signal: context.signal };
      const done = await kube.apply(ref, objectOf(context, ref.name, count), options);
      return { subject: 'writes', ok: done.ok, detail: done.ok ? 'written' : done.error.message };
    };
    const look = async (): Promise<GuardSample> => {
      const kube = await context.kube();
      if (kube.ok) return write(kube.value);
      return { subject: 'writes', ok: false, detail: kube.error.cause ?? kube.error.message };
    };
    try {
      yield* sampleEvery(context, everyMs, look);
    } finally {
      const kube = await context.kube();
      if (kube.ok) await kube.value.delete(ref, { timeoutMs: CALL_MS });
    }
  },
};
