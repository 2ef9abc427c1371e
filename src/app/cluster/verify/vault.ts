import type { Kube } from '../../../core/ports/kube.js';
import { vaultHost } from '../../../spec/vault.js';
import type { CheckResult } from '../../../verify/check.js';
import { checkReviewer, checkVaultSecrets } from '../../../verify/vault.js';
import type { ClusterTools } from '../tools.js';
import type { VerifyRequest } from './request.js';

/** What the cluster and its pods show of Vault; nothing where a lab has no host for it, which is told with other such hosts. */
export const vaultChecks = async (
  kube: Kube,
  { cluster, absent, limitMs }: VerifyRequest,
  { clock, soft: signal }: ClusterTools,
): Promise<CheckResult[]> => {
  if (absent.includes(vaultHost(cluster) ?? '')) return [];
  const asking = { kube, cluster, patience: { clock, limitMs, signal } };
  return (await Promise.all([checkReviewer(asking), checkVaultSecrets(asking)])).flat();
};
