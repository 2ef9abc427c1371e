import { parseDuration } from '../../../core/duration.js';
import type { Cluster } from '../../../spec/cluster.js';
import type { CheckResult } from '../../../verify/check.js';
import { checkUrlFromPod, type PodUrlInput } from '../../../verify/pod-urls.js';
import { type CallUrl, checkUrl, type WantedUrl } from '../../../verify/urls.js';

type Acceptance = Cluster['spec']['acceptance']['urls'][number];

const DEFAULT_MS = 10_000;

const wantedOf = (given: Acceptance): WantedUrl => ({
  url: given.url,
  status: given.status,
  contains: given.contains,
  insecure: given.insecure,
  timeoutMs: parseDuration(given.timeout) ?? DEFAULT_MS,
});

const notManaged = (title: string): CheckResult => ({
  check: 'url',
  title,
  status: 'not-managed',
  detail: 'not managed by this version',
});

/** Addresses that applications answer, or that an ingress pod must call: this version makes neither. */
export const unmanagedUrls = ({ spec }: Cluster): CheckResult[] =>
  spec.acceptance.urls.flatMap(({ url, application, from }) => {
    if (application !== undefined) return [notManaged(`${url} of application ${application}`)];
    return from.includes('ingress') ? [notManaged(`${url} from an ingress pod`)] : [];
  });

const managed = ({ spec }: Cluster): readonly Acceptance[] =>
  spec.acceptance.urls.filter(({ application }) => application === undefined);

export const urlsFromOutside = async (
  cluster: Cluster,
  call: CallUrl,
  at: { readonly now: number; readonly signal: AbortSignal },
): Promise<CheckResult[]> => {
  const wanted = managed(cluster).filter(({ from }) => from.includes('outside'));
  return (await Promise.all(wanted.map((each) => checkUrl(wantedOf(each), call, at)))).flat();
};

export const urlsFromPod = async (cluster: Cluster, from: PodUrlInput): Promise<CheckResult[]> => {
  const wanted = managed(cluster).filter((each) => each.from.includes('pod'));
  return Promise.all(wanted.map((each) => checkUrlFromPod(wantedOf(each), from)));
};
