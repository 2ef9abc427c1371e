import type { DroverError } from '../../core/error.js';
import type { Result } from '../../core/result.js';
import type { FactsFile } from '../../facts/model/facts-file.js';
import type { HostFacts } from '../../facts/model/host-facts.js';
import type { Plan } from '../../plan/model.js';
import type { Cluster } from '../../spec/cluster.js';
import type { Subject } from '../doctor/subject.js';
import type { Artifacts } from './artifacts.js';

export interface PlanRequest {
  readonly cluster: Cluster;
  readonly subject: Subject;
  /** What hosts get, found by what they are. */
  readonly artifacts: (hosts: readonly HostFacts[]) => Promise<Result<Artifacts, DroverError>>;
  readonly ignore: readonly string[];
  readonly timeoutMs: number;
  /** Hosts and K3s stay as they are: the plan is about the cluster network alone. */
  readonly only?: 'network' | undefined;
}

export interface MadePlan {
  readonly plan: Plan;
  readonly facts: FactsFile;
}
