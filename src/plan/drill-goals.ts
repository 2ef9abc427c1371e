import { type Cluster, type ClusterHost, isMember } from '../spec/cluster.js';
import { drillAwait } from '../steps/drill/await.js';
import { drillStart } from '../steps/drill/start.js';
import { drillStop } from '../steps/drill/stop.js';
import type { AnyGuard } from '../steps/guard.js';
import { kubeReady } from '../steps/guards/kube-ready.js';
import { kubeWrites } from '../steps/guards/kube-writes.js';
import { type UrlsParams, urls } from '../steps/guards/urls.js';
import type { World } from '../steps/step.js';
import { type Goal, goalId, type StageGoal } from './goal.js';
import type { Guard } from './model.js';

/** How a loss is drilled. */
export interface DrillWish {
  readonly host: ClusterHost;
  /** Pods must be ready elsewhere within this time. */
  readonly budgetSeconds: number;
  /** Longest time in which API, writes or an address may not answer. */
  readonly outageSeconds: number;
  readonly outOfService: boolean;
}

const EVERY_MS = 1_000;

/** Until the cluster takes a node for lost, and a while for starting: the host’s own timer must not end a drill that goes well. */
const LOST_SECONDS = 300;
const SLACK_SECONDS = 120;

/** Claims whose only copy lies on a node, `NAMESPACE/NAME`. */
const pinnedTo = ({ cluster }: World, node: string): string[] =>
  (cluster?.volumes ?? []).flatMap((volume) =>
    volume.node === node && volume.claim !== undefined ? [volume.claim] : [],
  );

type Watched = UrlsParams['urls'];

/** The addresses of the spec as users call them, and through every other node’s ingress where it is on the nodes’ own ports. */
export const watchedUrls = ({ spec, hosts }: Cluster, lost: string): Watched => {
  const { ingress, acceptance } = spec;
  const onNodes = ingress.controller !== 'none' && ingress.hostNetwork && ingress.kind === 'DaemonSet';
  const others = onNodes ? hosts.filter((host) => isMember(host) && host.name !== lost) : [];
  return acceptance.urls
    .filter(({ from }) => from.includes('outside'))
    .flatMap(({ url, status }) => {
      const { hostname, port } = new URL(url);
      const isName = /[a-z]/i.test(hostname) && !hostname.includes(':');
      const through = isName && port === '' ? others : [];
      return [
        { url, status },
        ...through.map(({ name, address }) => ({ url, status, via: { node: name, address } })),
      ];
    });
};

const guardOf = (
  kind: AnyGuard,
  params: Guard['params'],
  wish: DrillWish,
  during: readonly string[],
): Guard => {
  const longestMs = wish.outageSeconds * 1_000;
  return {
    id: kind.id,
    kind: kind.id,
    title: kind.title(params),
    params,
    hosts: [],
    during: [...during],
    budget: { longestMs, totalMs: longestMs * 3, silentMs: longestMs + 60_000 },
    onBreach: 'rollback',
  };
};

/** The node goes, everything else must go on, and it comes back. */
export const drillGoals = (cluster: Cluster, world: World, wish: DrillWish): StageGoal => {
  const { name: node, role } = wish.host;
  const { budgetSeconds, outOfService } = wish;
  const limitSeconds = LOST_SECONDS + budgetSeconds + SLACK_SECONDS;
  const interruption = `${node} and everything on it are away until it is put back`;
  const place = { host: node, hosts: [node] };
  const stop: Goal = {
    ...place,
    id: goalId(drillStop, node),
    step: drillStop,
    params: { node, role, limitSeconds },
    after: [],
    expected: { ...drillStop.expected, interruption },
  };
  const wait: Goal = {
    id: goalId(drillAwait, node),
    step: drillAwait,
    params: { node, budgetSeconds, outOfService, pinned: pinnedTo(world, node) },
    hosts: cluster.hosts
      .filter(({ name, role: other }) => other === 'server' && name !== node)
      .map(({ name }) => name),
    after: [stop.id],
  };
  const start: Goal = {
    ...place,
    id: goalId(drillStart, node),
    step: drillStart,
    params: { node, role },
    after: [wait.id],
  };
  const during = [stop.id, wait.id, start.id];
  const watched = watchedUrls(cluster, node);
  return {
    name: 'drill',
    goal: `${node} is lost and comes back, and nobody notices`,
    goals: [stop, wait, start],
    guards: [
      guardOf(kubeReady, { everyMs: EVERY_MS }, wish, during),
      guardOf(kubeWrites, { everyMs: EVERY_MS }, wish, during),
      ...(watched.length === 0
        ? []
        : [guardOf(urls, { everyMs: EVERY_MS, urls: watched } as unknown as Guard['params'], wish, during)]),
    ],
  };
};
