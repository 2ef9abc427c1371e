import type { Kube } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import type { ClusterAccess } from '../../spec/schema/migration.js';
import type { StepFailure } from '../../steps/failure.js';
import { failureOfKube } from '../../steps/kube-failure.js';
import type { BundleTools } from '../bundle/tools.js';
import type { KubeAccess } from '../cluster/kube-access.js';

/** A server that does not say within this time that it is ready is not. */
const READY_MS = 10_000;
const KUBE_SYSTEM = { resource: { group: '', version: 'v1', plural: 'namespaces' }, name: 'kube-system' };

const otherCluster = (kube: Kube, found: string, wanted: string): StepFailure => ({
  class: 'unsafe',
  code: 'cluster-identity',
  message: `${kube.target.context} at ${kube.target.server} is not the cluster that the plan was made for`,
  cause: `its identity is ${found}, the plan was made for ${wanted}`,
});

/**
 * The API of a migration’s target, through its kubeconfig. Every connection proves first that the cluster behind it is
 * the one of the plan: a context may be pointed elsewhere while a run is paused.
 */
export const targetAccess = (
  access: ClusterAccess,
  uid: string,
  { connect }: Pick<BundleTools, 'connect'>,
): KubeAccess => {
  let current: Kube | undefined;

  const prove = async (kube: Kube, signal: AbortSignal): Promise<StepFailure | undefined> => {
    const found = await kube.get(KUBE_SYSTEM, { signal, timeoutMs: READY_MS });
    if (!found.ok)
      return failureOfKube(found.error, `${kube.target.context} at ${kube.target.server} does not answer`);
    const own = found.value.metadata.uid ?? '';
    return own === uid ? undefined : otherCluster(kube, own, uid);
  };

  const open: KubeAccess['open'] = async (signal): Promise<Result<Kube, StepFailure>> => {
    if (current !== undefined && (await current.raw('/readyz', { signal, timeoutMs: READY_MS })).ok)
      return ok(current);
    current?.close();
    current = undefined;
    const connected = await connect(access);
    if (!connected.ok) {
      const { code, message, cause } = connected.error;
      return err({ class: 'permanent', code, message, ...(cause === undefined ? {} : { cause }) });
    }
    const failure = await prove(connected.value, signal);
    if (failure !== undefined) {
      connected.value.close();
      return err(failure);
    }
    current = connected.value;
    return ok(current);
  };

  return { open, close: () => current?.close() };
};
