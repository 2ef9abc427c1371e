import type { DroverErrors } from '../../core/error.js';
import type { Kube } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import { createKube } from '../../kube/client.js';
import { loadCredentials } from '../../kube/credentials.js';
import { type Cluster, type ClusterHost, isMember } from '../../spec/cluster.js';
import { checkAddons } from '../../verify/addons.js';
import { checkApi } from '../../verify/api.js';
import type { CheckResult } from '../../verify/check.js';
import { fail } from '../../verify/check.js';
import { checkNetwork, removeProbes } from '../../verify/network.js';
import { checkNodes, type WantedNode } from '../../verify/nodes.js';
import { NODES } from '../../verify/resources.js';
import { checkVolume } from '../../verify/volume.js';
import type { Subject } from '../doctor/subject.js';
import { readKubeconfig } from './kubeconfig.js';
import { notManaged } from './make-plan.js';
import type { ClusterTools } from './tools.js';

export interface VerifyRequest {
  readonly cluster: Cluster;
  readonly subject: Subject;
  /** Version that nodes shall run. */
  readonly version: string;
  /** Image of verification pods; hosts must have it or be able to pull it. */
  readonly image: string;
  readonly limitMs: number;
}

const kubeFrom = async (text: string, tools: ClusterTools): Promise<Kube> =>
  createKube(await loadCredentials({ text }, () => tools.clock.now()), tools.clock);

const wantedNodes = (hosts: readonly ClusterHost[], version: string): WantedNode[] =>
  hosts.map(({ name, role }) => ({ name, role: role === 'server' ? 'server' : 'agent', version }));

const listNodes = async (
  kube: Kube,
  request: VerifyRequest,
  members: readonly ClusterHost[],
  signal: AbortSignal,
): Promise<CheckResult[]> => {
  const results: CheckResult[] = [];
  for await (const page of kube.list(NODES, { signal })) {
    if (!page.ok)
      return [fail({ check: 'node-ready', title: 'The node is Ready', detail: page.error.message })];
    results.push(...checkNodes(wantedNodes(members, request.version), page.value.items));
  }
  return results;
};

const probing = async (
  kube: Kube,
  request: VerifyRequest,
  members: readonly ClusterHost[],
  tools: ClusterTools,
): Promise<CheckResult[]> => {
  const namespace = `drover-verify-${Buffer.from(tools.random.bytes(4)).toString('hex')}`;
  const expires = new Date(tools.clock.now() + 3_600_000).toISOString();
  const names = { namespace, image: request.image, expires };
  const common = { kube, names, limitMs: request.limitMs, signal: tools.soft };
  const { domain } = request.cluster.spec.network;
  try {
    const network = await checkNetwork({
      ...common,
      nodes: members.map(({ name }) => name),
      dnsNames: [`kubernetes.default.svc.${domain}`, `probe.${namespace}.svc.${domain}`],
    });
    const node = members.at(-1)?.name ?? '';
    const volume = request.cluster.spec.addons.localPath.enabled
      ? [await checkVolume({ ...common, node })]
      : [];
    return [...network, ...volume];
  } finally {
    await removeProbes(kube, namespace);
  }
};

const unmanaged = (cluster: Cluster): CheckResult[] =>
  notManaged(cluster).map((path) => ({
    check: 'spec-section',
    title: path,
    status: 'not-managed',
    detail: 'not managed by this version',
  }));

/** Proves the cluster from every node, by pods that it makes and removes. */
export const verifyCluster = async (
  request: VerifyRequest,
  tools: ClusterTools,
): Promise<Result<readonly CheckResult[], DroverErrors>> => {
  const members = request.cluster.hosts.filter(isMember);
  const servers = request.subject.hosts.filter(({ role }) => role === 'server').map(({ target }) => target);
  const config = await readKubeconfig(request.cluster.name, servers, tools);
  if (!config.ok) return err([config.error]);
  const paths = await Promise.all(
    servers.map(async ({ name, address }) => ({
      name,
      kube: await kubeFrom(config.value.replace(/(server: https:\/\/)[^:\s]+/g, `$1${address}`), tools),
    })),
  );
  const kube = await kubeFrom(config.value, tools);
  const { addons } = request.cluster.spec;
  const wanted = {
    coredns: addons.coredns.enabled,
    metricsServer: addons.metricsServer.enabled,
    defaultClass: addons.localPath.enabled && addons.localPath.defaultClass,
  };
  try {
    const results = await Promise.all([
      listNodes(kube, request, members, tools.soft),
      checkApi(paths, tools.soft),
      checkAddons(kube, wanted, tools.soft),
      probing(kube, request, members, tools),
    ]);
    return ok([...results.flat(), ...unmanaged(request.cluster)]);
  } finally {
    for (const each of [kube, ...paths.map((path) => path.kube)]) each.close();
  }
};
