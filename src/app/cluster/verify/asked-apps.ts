import { parseDuration } from '../../../core/duration.js';
import type { Cluster } from '../../../spec/cluster.js';
import { type Application, enabledApps } from '../../../steps/apps/input.js';
import type { AskedApp } from '../../../verify/applications.js';
import type { ScaledApp } from '../../../verify/scaling.js';
import type { WantedUrl } from '../../../verify/urls.js';

type Acceptance = Cluster['spec']['acceptance']['urls'][number];

const DEFAULT_MS = 10_000;
/** What a healthy application answers on the path of its own probe. */
const HEALTHY = [200, 201, 202, 204, 301, 302, 303, 307, 308];

export const wantedUrl = ({ url, status, contains, insecure, timeout }: Acceptance): WantedUrl => ({
  url,
  status,
  contains,
  insecure,
  timeoutMs: parseDuration(timeout) ?? DEFAULT_MS,
});

/** Names of an application that no acceptance address has: the path of its probe must answer. */
const ownUrls = (application: Application, accepted: readonly string[]): readonly WantedUrl[] => {
  const { ingress, probes } = application;
  if (ingress === undefined) return [];
  const path = probes.readiness?.path ?? ingress.path;
  return ingress.hosts
    .filter((host) => !host.startsWith('*.') && !accepted.some((url) => new URL(url).hostname === host))
    .map((host) => ({
      url: `${ingress.tls === false ? 'http' : 'https'}://${host}${path}`,
      status: HEALTHY,
      insecure: true,
      timeoutMs: DEFAULT_MS,
    }));
};

const insideOf = ({ ports, probes: { readiness } }: Application): AskedApp['inside'] => {
  if (readiness?.path === undefined) return undefined;
  const port = ports.find(({ name, port: number }) => readiness.port === name || readiness.port === number);
  const asked = port ?? ports[0];
  return asked === undefined ? undefined : { port: asked.port, path: readiness.path };
};

/** Every application of the spec, with the addresses that it must answer. */
export const askedApps = (cluster: Cluster): readonly AskedApp[] =>
  enabledApps(cluster).map((application) => {
    const { name, namespace, module } = application;
    const accepted = cluster.spec.acceptance.urls.filter((each) => each.application === name);
    const inside = insideOf(application);
    return {
      name,
      namespace,
      module,
      urls: [
        ...accepted.map(wantedUrl),
        ...ownUrls(
          application,
          accepted.map(({ url }) => url),
        ),
      ],
      ...(inside === undefined ? {} : { inside }),
    };
  });

/** Applications with an autoscaler. */
export const scaledApps = (cluster: Cluster): readonly ScaledApp[] =>
  enabledApps(cluster).filter(({ hpa }) => hpa !== undefined);
