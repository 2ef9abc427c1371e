import type { Kube } from '../../../core/ports/kube.js';
import { collectCluster } from '../../../facts/cluster/collect-cluster.js';
import { seeSets } from '../../../steps/sets/see-sets.js';
import type { CheckResult } from '../../../verify/check.js';
import { checkSets, setsUnseen } from '../../../verify/sets.js';
import type { ClusterTools } from '../tools.js';
import type { VerifyRequest } from './request.js';

const TIMEOUT_MS = 60_000;

/** Every object set that the spec asks for, rendered again from what the hosts are now and compared with the API. */
export const setChecks = async (
  kube: Kube,
  { subject }: Pick<VerifyRequest, 'subject'>,
  tools: ClusterTools,
): Promise<CheckResult[]> => {
  const { sets, clock, soft: signal } = tools;
  if (sets === undefined) return [];
  const options = { passive: true, deep: false, timeoutMs: TIMEOUT_MS };
  const [hosts, cluster] = await Promise.all([
    tools.instruments.collect(subject.hosts, options),
    collectCluster({ kube, clock, signal }),
  ]);
  const wanted = await sets.render({
    hosts: new Map(hosts.map((host) => [host.name, host])),
    ...(cluster.ok ? { cluster: cluster.value } : {}),
  });
  if (!wanted.ok) return [setsUnseen(wanted.error.map(({ message }) => message).join('; '))];
  const rendered = wanted.value.map(({ set }) => set);
  const seen = await seeSets({ kube, signal }, rendered, 'all');
  if (!seen.ok) return [setsUnseen(seen.error.message)];
  return checkSets(
    seen.value,
    rendered.map(({ name }) => name),
  );
};
