import type { Kube } from '../../core/ports/kube.js';
import type { HostTarget } from '../../core/ports/transport.js';
import { err, ok, type Result } from '../../core/result.js';
import { createKube } from '../../kube/client.js';
import { loadCredentials } from '../../kube/credentials.js';
import type { StepFailure } from '../../steps/failure.js';
import { readKubeconfig } from './kubeconfig.js';
import type { ClusterTools } from './tools.js';

/** The API of the cluster that a run works on. */
export interface KubeAccess {
  /** A connection to a server that is ready at this moment. */
  readonly open: (signal: AbortSignal) => Promise<Result<Kube, StepFailure>>;
  readonly close: () => void;
}

/** A server that does not say within this time that it is ready is passed over. */
const READY_MS = 3_000;

const isReady = async (kube: Kube, signal: AbortSignal): Promise<boolean> =>
  (await kube.raw('/readyz', { signal, timeoutMs: READY_MS })).ok;

const unreachable = (cause: string): StepFailure => ({
  class: 'transient',
  code: 'kube-unreachable',
  message: 'no server of the cluster has an API that is ready',
  cause,
});

/**
 * The API through whichever server is ready: the connection is kept while its server answers, and another server
 * is taken when it does not, because a run restarts servers. Kubeconfigs stay in memory.
 */
export const kubeAccess = (servers: readonly HostTarget[], tools: ClusterTools): KubeAccess => {
  let current: Kube | undefined;

  // An action that may finish after the first Ctrl-C must still reach the API: its own signal decides.
  const connect = async (target: HostTarget, signal: AbortSignal): Promise<Result<Kube, string>> => {
    const config = await readKubeconfig('the cluster', [target], { ...tools, soft: signal });
    if (!config.ok) return err(config.error.cause ?? config.error.message);
    const credentials = await loadCredentials({ text: config.value }, () => tools.clock.now());
    return ok(createKube(credentials, tools.clock));
  };

  const open: KubeAccess['open'] = async (signal) => {
    if (current !== undefined && (await isReady(current, signal))) return ok(current);
    current?.close();
    current = undefined;
    const causes: string[] = [];
    for (const target of servers) {
      const made = await connect(target, signal);
      if (!made.ok) {
        causes.push(made.error);
        continue;
      }
      if (await isReady(made.value, signal)) {
        current = made.value;
        return ok(current);
      }
      made.value.close();
      causes.push(`${target.name}: its API is not ready`);
    }
    return err(unreachable(causes.join('; ') || 'the spec names no server'));
  };

  return { open, close: () => current?.close() };
};
