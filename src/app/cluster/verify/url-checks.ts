import type { Cluster } from '../../../spec/cluster.js';
import { checkThroughNodes, type ThroughNodes } from '../../../verify/applications.js';
import type { CheckResult } from '../../../verify/check.js';
import { checkUrlFromPod, type PodUrlInput } from '../../../verify/pod-urls.js';
import { type CallUrl, checkUrl } from '../../../verify/urls.js';
import { askedApps, wantedUrl } from './asked-apps.js';

type Acceptance = Cluster['spec']['acceptance']['urls'][number];

/** In a lab no DNS leads the names of applications to it: they are asked at every node instead. */
const byName = ({ spec }: Cluster, lab: boolean): readonly Acceptance[] =>
  spec.acceptance.urls.filter(({ application }) => application === undefined || !lab);

export const urlsFromOutside = async (
  cluster: Cluster,
  call: CallUrl,
  at: { readonly now: number; readonly lab: boolean; readonly signal: AbortSignal },
): Promise<CheckResult[]> => {
  const wanted = byName(cluster, at.lab).filter(({ from }) => from.includes('outside'));
  return (await Promise.all(wanted.map((each) => checkUrl(wantedUrl(each), call, at)))).flat();
};

/** Names of applications and addresses behind the ingress, asked at every node. */
export const appsThroughNodes = async (cluster: Cluster, asking: ThroughNodes): Promise<CheckResult[]> =>
  cluster.spec.ingress.controller === 'none'
    ? []
    : (await Promise.all(askedApps(cluster).map((each) => checkThroughNodes(each, asking)))).flat();

/** From a pod of the cluster’s network, or from one on the network of its node, where the ingress is. */
export const urlsFromPod = async (
  cluster: Cluster,
  { lab, place }: { readonly lab: boolean; readonly place: 'pod' | 'ingress' },
  from: PodUrlInput,
): Promise<CheckResult[]> => {
  const wanted = byName(cluster, lab).filter((each) => each.from.includes(place));
  const results = await Promise.all(wanted.map((each) => checkUrlFromPod(wantedUrl(each), from)));
  return results.map((result) => (place === 'pod' ? result : { ...result, node: 'ingress' }));
};
