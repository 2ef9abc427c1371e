import type { DroverErrors } from '../../core/error.js';
import { realmName } from '../../core/realm.js';
import { err, ok, type Result } from '../../core/result.js';
import type { WantedSet } from '../../plan/set-stage.js';
import type { Cluster } from '../../spec/cluster.js';
import { namespaceSet, namespaceSetName } from '../../steps/apps/render.js';
import { ingressSet } from '../../steps/ingress/ingress-set.js';
import { deliveriesOf } from '../../steps/secrets/delivery.js';
import { reviewerSet } from '../../steps/vault/reviewer-set.js';
import { appSets, appsInput } from './apps/app-sets.js';
import { chartSets } from './charts/chart-sets.js';
import { wantedMonitoring } from './monitoring/monitoring-sets.js';
import { networkSets } from './network/network-sets.js';
import type { SetInput, SetRenderer } from './sets/set-renderer.js';

const ingressSets: SetRenderer = ({ cluster, realm }) => {
  const set = ingressSet(cluster, { standIn: realm !== realmName({ kind: 'real' }) });
  return ok(set === undefined ? [] : [{ set }]);
};

const applicationSets: SetRenderer = ({ cluster, world, lab }) =>
  appSets(appsInput(cluster, world, lab), world);

const vaultSets: SetRenderer = ({ cluster }) => {
  const set = reviewerSet(cluster);
  const after = [namespaceSetName(cluster.spec.vault?.auth.reviewer.namespace ?? '')];
  return ok(set === undefined ? [] : [{ set, after, expected: { seconds: 2 } }]);
};

const monitoringSets: SetRenderer = ({ cluster, world, lab }) =>
  ok(wantedMonitoring(appsInput(cluster, world, lab)));

const ownNetwork: SetRenderer = ({ cluster, world, chart, fetch }) =>
  networkSets(cluster, world, { ...fetch, renderChart: chart });

/** Everything that Drover owns in a cluster as a whole, one renderer for each section of the spec. */
const renderers: readonly SetRenderer[] = [
  ownNetwork,
  chartSets,
  ingressSets,
  vaultSets,
  applicationSets,
  monitoringSets,
];

/** Each set with the secrets of the spec that its objects name, and the namespaces that these go to before the sets come. */
const withDeliveries = (cluster: Cluster, wanted: readonly WantedSet[]): readonly WantedSet[] => {
  const sets = wanted.map((each): WantedSet => ({ ...each, secrets: deliveriesOf([each.set], cluster) }));
  const names = new Set(wanted.map(({ set }) => set.name));
  const namespaces = new Set(sets.flatMap(({ secrets = [] }) => secrets.map(({ namespace }) => namespace)));
  const missing = [...namespaces].filter((namespace) => !names.has(namespaceSetName(namespace)));
  const made = missing.map((namespace) => ({ set: namespaceSet({ cluster }, namespace) }));
  return [...made.filter(({ set }) => set.objects.length > 0), ...sets];
};

/** All sets that the spec asks for; all that is wrong with any of them at once. */
export const wantedSets = async (input: SetInput): Promise<Result<readonly WantedSet[], DroverErrors>> => {
  const rendered = await Promise.all(renderers.map(async (render) => render(input)));
  const [first, ...more] = rendered.flatMap((each) => (each.ok ? [] : each.error));
  if (first !== undefined) return err([first, ...more]);
  return ok(
    withDeliveries(
      input.cluster,
      rendered.flatMap((each) => (each.ok ? each.value : [])),
    ),
  );
};
