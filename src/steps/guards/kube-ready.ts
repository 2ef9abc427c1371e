import type { GuardKind } from '../guard.js';
import { sampleEvery } from '../guard.js';

/** The API answers `/readyz` through some server: what everything else in a cluster needs first. */
export const kubeReady: GuardKind<{ readonly everyMs: number }> = {
  id: 'kube.ready',
  title: () => 'the Kubernetes API answers',
  watch: (context, { everyMs }) =>
    sampleEvery(context, everyMs, async () => {
      const kube = await context.kube();
      const detail = kube.ok ? 'ready' : (kube.error.cause ?? kube.error.message);
      return { subject: 'api', ok: kube.ok, detail };
    }),
};
