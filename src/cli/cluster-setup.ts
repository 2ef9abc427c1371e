import { fetchArtifacts } from '../app/cluster/artifacts.js';
import { type MadePlan, makePlan } from '../app/cluster/make-plan.js';
import type { ClusterTools } from '../app/cluster/tools.js';
import { clusterTools } from '../app/cluster/wiring.js';
import { type Subject, subjectOfCluster } from '../app/doctor/subject.js';
import type { DroverErrors } from '../core/error.js';
import { err, ok, type Result } from '../core/result.js';
import type { Cluster } from '../spec/cluster.js';
import type { CommandContext, ParsedArguments } from './command.js';
import { labContext, listFlag } from './lab-context.js';
import { loadSpec } from './load-spec.js';

/** What commands that plan or change a cluster start from. */
export interface ClusterSetup {
  readonly cluster: Cluster;
  readonly subject: Subject;
  readonly tools: ClusterTools;
}

/** Reads the spec and opens everything that planning and running need. The caller disposes of the transport. */
export const clusterSetup = async (
  args: ParsedArguments,
  context: CommandContext,
): Promise<Result<ClusterSetup, DroverErrors>> => {
  const cluster = await loadSpec(args, context);
  if (!cluster.ok) return cluster;
  const subject = subjectOfCluster(cluster.value, context.realm, []);
  if (!subject.ok) return subject;
  // A second Ctrl-C ends the process at once; units on hosts go on, and resume joins them.
  const hard = new AbortController().signal;
  const tools = await clusterTools({ ...context, cluster: cluster.value, hard });
  return tools.ok
    ? ok({ cluster: cluster.value, subject: subject.value, tools: tools.value })
    : err([tools.error]);
};

/** Measures and plans. */
export const planNow = async (
  setup: ClusterSetup,
  args: ParsedArguments,
  context: CommandContext,
): Promise<Result<MadePlan, DroverErrors>> => {
  const artifacts = await fetchArtifacts(setup.cluster, context.realm, labContext(context));
  if (!artifacts.ok) return err([artifacts.error]);
  const { cluster, subject } = setup;
  return makePlan(
    {
      cluster,
      subject,
      artifacts: artifacts.value,
      ignore: listFlag(args.flags, 'ignore'),
      timeoutMs: 60_000,
    },
    setup.tools,
  );
};
