import { dirname, resolve } from 'node:path';
import type { DroverErrors } from '../../../core/error.js';
import type { KubeObject } from '../../../core/ports/kube.js';
import { err, ok, type Result } from '../../../core/result.js';
import type { WantedSet } from '../../../plan/set-stage.js';
import type { Cluster } from '../../../spec/cluster.js';
import { objectSet } from '../../../steps/sets/object-set.js';
import type { SetRenderer } from '../sets/set-renderer.js';
import type { ChartRequest } from './chart.js';

/** Namespaces that every cluster has. */
const GIVEN = new Set(['default', 'kube-system', 'kube-public', 'kube-node-lease']);

const namespaceOf = (namespace: string, objects: readonly KubeObject[]): readonly KubeObject[] => {
  const has = objects.some(({ kind, metadata }) => kind === 'Namespace' && metadata.name === namespace);
  return has || GIVEN.has(namespace)
    ? []
    : [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }];
};

/** `v1.34.2+k3s1` → `1.34.2`. */
const kubeVersion = ({ spec: { distribution } }: Cluster): string | undefined =>
  distribution.kind === 'k3s' ? /^v?(\d+\.\d+\.\d+)/.exec(distribution.version)?.[1] : undefined;

const requestOf = (cluster: Cluster, index: number): ChartRequest | undefined => {
  const { charts, chartMirror } = cluster.spec.addons;
  const chart = charts[index];
  if (chart === undefined) return undefined;
  return {
    ...chart,
    file: chart.file === undefined ? undefined : resolve(dirname(cluster.file), chart.file),
    mirror: chartMirror,
    kubeVersion: kubeVersion(cluster),
    path: `spec.addons.charts[${index}]`,
    locate: cluster.locate,
  };
};

/** Sets of `spec.addons.charts`: `chart/NAMESPACE/NAME`. */
export const chartSets: SetRenderer = async ({ cluster, chart }) => {
  const requests = cluster.spec.addons.charts.flatMap((_, index) => requestOf(cluster, index) ?? []);
  const rendered = await Promise.all(
    requests.map(async (request): Promise<Result<WantedSet, DroverErrors>> => {
      const objects = await chart(request);
      if (!objects.ok) return objects;
      const { namespace, name } = request;
      const all = [...namespaceOf(namespace, objects.value), ...objects.value];
      return ok({ set: objectSet(`chart/${namespace}/${name}`, all) });
    }),
  );
  const [first, ...more] = rendered.flatMap((each) => (each.ok ? [] : each.error));
  return first === undefined
    ? ok(rendered.flatMap((each) => (each.ok ? [each.value] : [])))
    : err([first, ...more]);
};
