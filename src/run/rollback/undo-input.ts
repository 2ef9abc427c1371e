import type { RunEvent } from '../../core/events/run.js';
import type { ClusterFacts } from '../../facts/cluster/cluster-facts.js';
import type { Plan } from '../../plan/model.js';
import type { AnyStep } from '../../steps/step.js';
import type { Survey } from './survey.js';

/** What a way back is planned from. */
export interface UndoInput {
  /** The run that is taken back, its plan and its journal. */
  readonly run: string;
  readonly plan: Plan;
  readonly events: readonly RunEvent[];
  /** What the hosts say about saved things; by the cluster’s role for objects of a cluster that has no hosts here. */
  readonly surveys: ReadonlyMap<string, Survey>;
  readonly step: (id: string) => AnyStep | undefined;
  /** Name of the object set that alone is taken back. */
  readonly only?: string | undefined;
  readonly cluster: ClusterFacts | undefined;
  /** Servers that go on: the cluster lives without what is taken back. */
  readonly remaining: readonly string[];
  readonly overwrite: boolean;
  /** Things whose saved state is damaged stay as they are. */
  readonly leaveDamaged: boolean;
  readonly tool: string;
  /** ISO 8601. */
  readonly createdAt: string;
}
