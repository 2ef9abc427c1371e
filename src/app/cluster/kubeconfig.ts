import type { DroverError } from '../../core/error.js';
import type { HostTarget } from '../../core/ports/transport.js';
import { err, ok, type Result } from '../../core/result.js';
import type { ClusterTools } from './tools.js';

const failed = (cause: string): DroverError => ({
  code: 'cluster-no-kubeconfig',
  message: 'no server gives its kubeconfig',
  cause,
  state: 'nothing was changed',
  hint: 'is the cluster built? drover plan shows what is missing',
});

/** Points a kubeconfig of K3s, which names the loopback address, at an address that can be reached from here. */
export const pointAt = (kubeconfig: string, address: string): string =>
  kubeconfig.replace(
    /https:\/\/(127\.0\.0\.1|\[::1\])/g,
    `https://${address.includes(':') ? `[${address}]` : address}`,
  );

/**
 * The administrator's kubeconfig, read from the first server that has one. It is a secret: it stays in memory.
 * The server's own address is in the API's certificate, so that the connection is checked.
 */
export const readKubeconfig = async (
  cluster: string,
  servers: readonly HostTarget[],
  tools: ClusterTools,
): Promise<Result<string, DroverError>> => {
  const causes: string[] = [];
  for (const target of servers) {
    const script = { title: 'read the kubeconfig', text: 'cat /etc/rancher/k3s/k3s.yaml' };
    const answer = await tools.transport.run(target, script, { timeoutMs: 20_000, signal: tools.soft });
    if (answer.ok && answer.value.status === 0)
      return ok(pointAt(answer.value.stdout.toString('utf8'), target.address));
    causes.push(
      answer.ok
        ? `${target.name}: ${answer.value.stderr.toString('utf8').trim()}`
        : `${target.name}: ${answer.error.detail}`,
    );
  }
  return err(failed(causes.join('; ') || `${cluster} has no servers`));
};
