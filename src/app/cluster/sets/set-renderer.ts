import type { DroverErrors } from '../../../core/error.js';
import type { Result } from '../../../core/result.js';
import type { WantedSet } from '../../../plan/set-stage.js';
import type { Cluster } from '../../../spec/cluster.js';
import type { World } from '../../../steps/step.js';
import type { LabApps } from '../apps/app-sets.js';
import type { RenderChart } from '../charts/chart.js';
import type { UpstreamTools } from '../network/upstream.js';

/** What the sets of a cluster are rendered from. */
export interface SetInput {
  readonly cluster: Cluster;
  /** Hosts as they were seen, and the cluster where there is one. */
  readonly world: World;
  /** Renders a Helm chart; what it renders is a pure function of the chart and its values. */
  readonly chart: RenderChart;
  readonly realm: string;
  /** What stands in for applications in a lab. */
  readonly lab: LabApps;
  /** Fetches what networks are made from. */
  readonly fetch: Omit<UpstreamTools, 'renderChart'>;
}

/** Pure but for charts, which a program renders: the same spec and facts give the same objects, byte for byte. */
export type SetRenderer = (
  input: SetInput,
) => Result<readonly WantedSet[], DroverErrors> | Promise<Result<readonly WantedSet[], DroverErrors>>;
