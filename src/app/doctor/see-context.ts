import type { DroverErrors } from '../../core/error.js';
import type { Clock } from '../../core/ports/clock.js';
import { err, ok, type Result } from '../../core/result.js';
import { printable } from '../../core/text.js';
import type { ClusterFacts } from '../../facts/cluster/cluster-facts.js';
import { collectCluster } from '../../facts/cluster/collect-cluster.js';
import { certificateEnds } from '../../kube/certificates.js';
import { createKube } from '../../kube/client.js';
import { loadCredentials } from '../../kube/credentials.js';
import type { KubeConfigChoice } from '../../kube/load-kubeconfig.js';

const unusable = (reason: unknown): DroverErrors => [
  {
    code: 'doctor-kubeconfig',
    message: 'the kubeconfig leads to no cluster',
    cause: printable(reason instanceof Error ? reason.message : String(reason)),
    state: 'nothing was done',
    hint: 'kubectl config get-contexts lists what there is; --kubeconfig FILE names another file',
  },
];

/** Facts of the cluster that a kubeconfig names, read through its API alone. */
export const seeContext = async (
  choice: KubeConfigChoice,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Result<ClusterFacts, DroverErrors>> => {
  let credentials: Awaited<ReturnType<typeof loadCredentials>>;
  try {
    credentials = await loadCredentials(choice, () => clock.now());
  } catch (reason) {
    return err(unusable(reason));
  }
  const kube = createKube(credentials, clock);
  try {
    const certificates = () => certificateEnds(credentials, signal);
    const facts = await collectCluster({ kube, clock, signal, certificates });
    if (facts.ok) return ok(facts.value);
    const { kind, message } = facts.error;
    const code = `kube-${kind}`;
    return err([
      {
        code,
        message: `the API at ${credentials.server} does not tell`,
        cause: message,
        state: 'nothing was changed',
      },
    ]);
  } finally {
    kube.close();
  }
};
