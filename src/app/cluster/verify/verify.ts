import type { DroverErrors } from '../../../core/error.js';
import type { Kube, KubeObject, KubeRef } from '../../../core/ports/kube.js';
import { err, ok, type Result } from '../../../core/result.js';
import { count, sentence } from '../../../core/text.js';
import { absentServices } from '../../../facts/services/places.js';
import { type Cluster, type ClusterHost, isMember } from '../../../spec/cluster.js';
import { modeOf } from '../../../spec/cni.js';
import { absentHostResults } from '../../../verify/absent-hosts.js';
import { checkAddons } from '../../../verify/addons.js';
import { type ApiPath, checkApi, firstReady } from '../../../verify/api.js';
import { type CheckResult, fail } from '../../../verify/check.js';
import { checkNetworkAgents, checkNodeNetwork } from '../../../verify/cni.js';
import { removeExpired } from '../../../verify/expired.js';
import { checkNodes, readyNodes, type WantedNode } from '../../../verify/nodes.js';
import { DAEMON_SETS, NODES } from '../../../verify/resources.js';
import { checkScaling } from '../../../verify/scaling.js';
import { serverTargets } from '../../doctor/subject.js';
import { isLab } from '../apps/stored-secrets.js';
import { readKubeconfig } from '../kubeconfig.js';
import { notManaged } from '../not-managed.js';
import type { ClusterTools } from '../tools.js';
import { apiPaths } from './api-paths.js';
import { askOutside } from './ask-outside.js';
import { scaledApps } from './asked-apps.js';
import { type Balancer, balancerOf } from './balancer.js';
import { etcdHealth } from './etcd.js';
import { checkMonitoring } from './monitoring.js';
import { checkByPods } from './pods.js';
import type { VerifyRequest } from './request.js';
import { setChecks } from './sets.js';
import { appsThroughNodes, urlsFromOutside } from './url-checks.js';
import { vaultChecks } from './vault.js';

const wantedNodes = (hosts: readonly ClusterHost[], version: string): WantedNode[] =>
  hosts.map(({ name, role }) => ({ name, role: role === 'server' ? 'server' : 'agent', version }));

const listAll = async (
  kube: Kube,
  resource: KubeRef['resource'],
  signal: AbortSignal,
): Promise<Result<readonly KubeObject[], string>> => {
  const objects: KubeObject[] = [];
  for await (const page of kube.list(resource, { signal })) {
    if (!page.ok) return err(page.error.message);
    objects.push(...page.value.items);
  }
  return ok(objects);
};

const unmanaged = (cluster: Cluster): CheckResult[] => [
  ...notManaged(cluster).map(
    (path): CheckResult => ({
      check: 'spec-section',
      title: path,
      status: 'not-managed',
      detail: 'not managed by this version',
    }),
  ),
];

/** What this lab has no hosts for is no failure of the cluster. */
const notThere = (
  { cluster, absent }: VerifyRequest,
  balancer: Balancer | undefined,
): readonly CheckResult[] =>
  absentHostResults([
    ...(balancer?.host === undefined ? [] : [{ host: balancer.host, what: 'the API through it' }]),
    ...absentServices(cluster, absent).map(({ service: what, host }) => ({ host, what })),
  ]);

const network = async (
  kube: Kube,
  nodes: readonly KubeObject[],
  { cluster }: VerifyRequest,
  signal: AbortSignal,
): Promise<CheckResult[]> => {
  const { cni } = cluster.spec.network;
  const wanted = { name: cni.name, mode: modeOf(cluster.spec.network) };
  const perNode = checkNodeNetwork(nodes, wanted);
  if (cni.name === 'flannel' || cni.name === 'none') return perNode;
  const sets = await listAll(kube, DAEMON_SETS, signal);
  const part = { check: 'cni-agents', title: 'The agents of the cluster network are ready' };
  return [
    ...perNode,
    ...(sets.ok ? checkNetworkAgents(sets.value, wanted) : [fail({ ...part, detail: sets.error })]),
  ];
};

/** All checks that need the API, which answers. */
const askApi = async (kube: Kube, request: VerifyRequest, tools: ClusterTools): Promise<CheckResult[]> => {
  const { cluster } = request;
  const members = cluster.hosts.filter(isMember);
  const nodes = await listAll(kube, NODES, tools.soft);
  if (!nodes.ok) return [fail({ check: 'node-ready', title: 'The node is Ready', detail: nodes.error })];
  const up = new Set(readyNodes(nodes.value));
  const ready = members.map(({ name }) => name).filter((name) => up.has(name));
  const { addons } = cluster.spec;
  const wanted = {
    coredns: addons.coredns.enabled,
    metricsServer: addons.metricsServer.enabled,
    localPath: addons.localPath.enabled,
    defaultClass: addons.localPath.enabled && addons.localPath.defaultClass,
  };
  const { clock, soft: signal } = tools;
  const results = await Promise.all([
    network(kube, nodes.value, request, signal),
    checkAddons({ kube, wanted, nodes: ready, clock, signal }),
    checkByPods({ kube, nodes: ready, request, tools }),
    setChecks(kube, request, tools),
    checkMonitoring(
      kube,
      { cluster, nodes: [], ...(tools.sets?.lab === undefined ? {} : { lab: tools.sets.lab }) },
      tools,
    ),
    checkScaling({ kube, applications: scaledApps(cluster), clock, signal }),
    vaultChecks(kube, request, tools),
    sweep(kube, tools),
  ]);
  return [...checkNodes(wantedNodes(members, request.version), nodes.value), ...results.flat()];
};

const sweep = async (kube: Kube, tools: ClusterTools): Promise<readonly CheckResult[]> => {
  const removed = await removeExpired(kube, tools.clock.now(), tools.soft);
  const text = `removed what an earlier verification left: ${sentence(removed)}`;
  if (removed.length > 0) tools.emit({ type: 'note', level: 'info', text });
  return [];
};

const checkAll = async (
  paths: readonly ApiPath[],
  request: VerifyRequest,
  tools: ClusterTools,
): Promise<CheckResult[]> => {
  const at = { now: tools.clock.now(), lab: isLab(tools), signal: tools.soft };
  const nodes = request.cluster.hosts.filter(isMember);
  const [kube, ...results] = await Promise.all([
    firstReady(paths, tools.soft).then((found) => found && askApi(found, request, tools)),
    checkApi(paths, tools.soft),
    etcdHealth(serverTargets(request.subject.hosts), tools),
    urlsFromOutside(request.cluster, request.callUrl, at),
    askOutside(request, tools),
    appsThroughNodes(request.cluster, { nodes, call: request.callUrl, signal: tools.soft }),
  ]);
  return [...results.flat(), ...(kube ?? []), ...unmanaged(request.cluster)];
};

/** Proves the cluster from every node, by pods that it makes and removes. */
export const verifyCluster = async (
  request: VerifyRequest,
  tools: ClusterTools,
): Promise<Result<readonly CheckResult[], DroverErrors>> => {
  const { cluster, subject, absent } = request;
  const begun = tools.clock.monotonic();
  const title = `proving ${count(cluster.hosts.filter(isMember).length, 'node')}`;
  tools.emit({ type: 'phase-start', phase: 'verify', title });
  const servers = serverTargets(subject.hosts);
  const config = await readKubeconfig(cluster.name, servers, tools);
  if (!config.ok) return err([config.error]);
  const balancer = balancerOf(cluster);
  const missing = balancer?.host !== undefined && absent.includes(balancer.host);
  const paths = await apiPaths(config.value, servers, {
    balancer: missing ? undefined : balancer,
    clock: tools.clock,
  });
  try {
    const results = await checkAll(paths, request, tools);
    const durationMs = tools.clock.monotonic() - begun;
    tools.emit({ type: 'phase-done', phase: 'verify', title: count(results.length, 'check'), durationMs });
    return ok([...results, ...notThere(request, missing ? balancer : undefined)]);
  } finally {
    for (const { kube } of paths) kube.close();
  }
};
