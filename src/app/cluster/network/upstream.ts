import type { DroverErrors } from '../../../core/error.js';
import type { KubeObject } from '../../../core/ports/kube.js';
import { err, ok, type Result } from '../../../core/result.js';
import type { Cluster } from '../../../spec/cluster.js';
import type { Upstream } from '../../../steps/cni/recipe.js';
import type { RenderChart } from '../charts/chart.js';
import { type CacheTools } from '../operator/artifact-cache.js';
import { fileDigest, manifestObjects } from './manifest.js';

/** Where Cilium’s project publishes its chart. */
const CHARTS = 'https://helm.cilium.io';

export interface UpstreamTools extends CacheTools {
  readonly renderChart: RenderChart;
}

/** What a network’s project publishes, as objects: read or fetched by its digest, a chart rendered. Changes nothing. */
export const upstreamObjects = async (
  cluster: Cluster,
  wanted: Upstream,
  tools: UpstreamTools,
): Promise<Result<readonly KubeObject[], DroverErrors>> => {
  if (wanted.kind === 'manifest') {
    const objects = await manifestObjects(cluster, wanted, tools);
    return objects.ok ? ok(objects.value) : err([objects.error]);
  }
  const { source } = cluster.spec.network.cni;
  const file = source?.kind === 'file' ? source.file : undefined;
  // A file at hand is what it is, unless the spec says what it must be.
  const own =
    file === undefined || source?.sha256 !== undefined ? ok(source?.sha256) : await fileDigest(file);
  if (!own.ok) return err([own.error]);
  const { name, namespace, version, values } = wanted;
  return tools.renderChart({
    name,
    namespace,
    chart: name,
    version,
    repository: CHARTS,
    values,
    digest: own.value?.toLowerCase(),
    file,
    mirror: source?.kind === 'mirror' ? source.url : undefined,
    path: 'spec.network.cni',
    locate: cluster.locate,
  });
};
