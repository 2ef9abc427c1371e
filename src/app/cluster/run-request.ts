import type { RunEvent } from '../../core/events/run.js';
import type { FactsFile } from '../../facts/model/facts-file.js';
import type { Plan } from '../../plan/model.js';
import type { Journal } from '../../run/journal.js';
import type { JournalLine } from '../../run/journal-line.js';
import type { PerformPorts } from '../../run/perform.js';
import type { DoctorHost } from '../doctor/subject.js';
import type { LockRequest } from './cluster-lock.js';
import type { KubeAccess } from './kube-access.js';
import type { Replan } from './replan.js';

/** What a run reaches hosts and objects by. */
export interface PortsRequest {
  readonly id: string;
  /** Spec that commands about this run must name; absent = the default one. */
  readonly spec?: string;
  readonly plan: Plan;
  readonly facts: FactsFile | undefined;
  /** The objects that the plan carries; absent = it carries none. */
  readonly objects?: PerformPorts['objects'];
  readonly hosts: readonly DoctorHost[];
}

/** A run of a plan, new or gone on with. */
export interface RunRequest extends PortsRequest {
  readonly past: readonly RunEvent[];
  /** Lines that the journal holds already, for its copies on the servers. */
  readonly lines?: readonly JournalLine[];
  readonly journal: Journal;
  /** The way to the cluster's API; default: through the servers of the spec. */
  readonly access?: KubeAccess;
  readonly concurrency: number;
  readonly breakRun: string | undefined;
  readonly mayBreak?: LockRequest['mayBreak'];
  /** Plans later stages; a plan without such stages needs none. */
  readonly replan?: Replan;
  /** What lies outside a stage's envelope and was agreed to. */
  readonly accept?: string | undefined;
  /** What runs is cut when a guard's budget is spent: waiting longer would do harm. Default: it may end. */
  readonly cutOnBreach?: boolean;
}
