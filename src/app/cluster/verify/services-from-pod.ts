import { askScript, parseTold } from '../../../facts/services/ask-script.js';
import { servicePlaces, servicesScript } from '../../../facts/services/places.js';
import type { Cluster } from '../../../spec/cluster.js';
import type { CheckResult } from '../../../verify/check.js';
import type { PodUrlInput } from '../../../verify/pod-urls.js';
import { judgeFromPod } from '../../../verify/services.js';

const SLACK_MS = 15_000;

/** A pod asks the services outside what they are: its packets leave the cluster by another way than the nodes'. */
export const servicesFromPod = async (
  cluster: Cluster,
  absent: readonly string[],
  { kube, pod, signal }: PodUrlInput,
): Promise<readonly CheckResult[]> => {
  const places = servicePlaces(cluster, absent);
  if (places.length === 0) return [];
  const { asks } = servicesScript(places);
  const timeoutMs = Math.max(...asks.map(({ question }) => question.timeoutMs)) + SLACK_MS;
  const ran = await kube.exec(pod, ['sh', '-c', askScript('pod', { asks })], { timeoutMs, signal });
  return judgeFromPod(
    places,
    ran.ok ? { told: parseTold(ran.value.stdout.toString()) } : { failure: ran.error.message },
  );
};
