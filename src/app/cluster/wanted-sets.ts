import type { DroverErrors } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import type { WantedSet } from '../../plan/set-stage.js';
import type { Cluster } from '../../spec/cluster.js';
import { ingressSet } from '../../steps/ingress/ingress-set.js';
import type { World } from '../../steps/step.js';
import type { RenderChart } from './charts/chart.js';
import { chartSets } from './charts/chart-sets.js';

export interface SetInput {
  readonly cluster: Cluster;
  /** Hosts as they were seen, and the cluster where there is one. */
  readonly world: World;
  /** Renders a Helm chart; what it renders is a pure function of the chart and its values. */
  readonly chart: RenderChart;
  readonly realm: string;
}

/** Pure but for charts, which a program renders: the same spec and facts give the same objects, byte for byte. */
export type SetRenderer = (
  input: SetInput,
) => Result<readonly WantedSet[], DroverErrors> | Promise<Result<readonly WantedSet[], DroverErrors>>;

const ingressSets: SetRenderer = ({ cluster }) => {
  const set = ingressSet(cluster);
  return ok(set === undefined ? [] : [{ set }]);
};

/** Everything that Drover owns in a cluster as a whole, one renderer for each section of the spec. */
const renderers: readonly SetRenderer[] = [chartSets, ingressSets];

/** All sets that the spec asks for; all that is wrong with any of them at once. */
export const wantedSets = async (input: SetInput): Promise<Result<readonly WantedSet[], DroverErrors>> => {
  const rendered = await Promise.all(renderers.map(async (render) => render(input)));
  const [first, ...more] = rendered.flatMap((each) => (each.ok ? [] : each.error));
  if (first !== undefined) return err([first, ...more]);
  return ok(rendered.flatMap((each) => (each.ok ? each.value : [])));
};
