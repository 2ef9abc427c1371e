import { makePlan, measureStages } from '../app/cluster/make-plan.js';
import type { MadePlan, PlanRequest } from '../app/cluster/plan-request.js';
import type { ClusterTools } from '../app/cluster/tools.js';
import { clusterTools } from '../app/cluster/wiring.js';
import { type Subject, subjectOfCluster } from '../app/doctor/subject.js';
import { absentHosts } from '../app/lab/absent-hosts.js';
import type { DroverErrors } from '../core/error.js';
import { err, ok, type Result } from '../core/result.js';
import { count } from '../core/text.js';
import { limitPlan } from '../plan/limit.js';
import { managedBalancers } from '../spec/balancers.js';
import type { Cluster } from '../spec/cluster.js';
import type { CommandContext, ParsedArguments } from './command.js';
import { labContext, listFlag, textFlag } from './lab-context.js';
import { limitHosts } from './limit-hosts.js';
import { loadSpec } from './load-spec.js';

/** What commands that plan or change a cluster start from. */
export interface ClusterSetup {
  readonly cluster: Cluster;
  readonly subject: Subject;
  readonly tools: ClusterTools;
}

/** The image of pods that prove the network may be another one on this machine. */
const withImage = (cluster: Cluster, image: string | undefined): Cluster =>
  image === undefined
    ? cluster
    : {
        ...cluster,
        spec: { ...cluster.spec, acceptance: { ...cluster.spec.acceptance, image } },
      };

/** Reads the spec and opens everything that planning and running need. The caller disposes of the transport. */
export const clusterSetup = async (
  args: ParsedArguments,
  context: CommandContext,
): Promise<Result<ClusterSetup, DroverErrors>> => {
  const loaded = await loadSpec(args, context);
  if (!loaded.ok) return loaded;
  const cluster = withImage(loaded.value, textFlag(args.flags, 'image'));
  const absent = await absentHosts(cluster, context);
  const beside = managedBalancers(cluster).flatMap(({ host }) => host ?? []);
  const subject = subjectOfCluster(cluster, context.realm, {
    only: [],
    beside: beside.filter((host) => !absent.includes(host)),
  });
  if (!subject.ok) return subject;
  const tools = await clusterTools({ ...context, cluster, hard: context.hard() });
  return tools.ok ? ok({ cluster, subject: subject.value, tools: tools.value }) : err([tools.error]);
};

const planRequest = (
  { cluster, subject }: ClusterSetup,
  args: ParsedArguments,
  context: CommandContext,
): PlanRequest => ({
  cluster,
  subject,
  ignore: listFlag(args.flags, 'ignore'),
  only: args.flags['only'] === 'network' ? 'network' : undefined,
  timeoutMs: 60_000,
  artifacts: async (hosts) => {
    const { findArtifacts } = await import('../app/cluster/artifacts.js');
    return findArtifacts(cluster, context.realm, { hosts, context: labContext(context) });
  },
});

/** Measures and plans. */
export const planNow = async (
  setup: ClusterSetup,
  args: ParsedArguments,
  context: CommandContext,
): Promise<Result<MadePlan, DroverErrors>> => {
  const limit = limitHosts(args, setup.subject);
  if (!limit.ok) return limit;
  const made = await makePlan(planRequest(setup, args, context), setup.tools);
  return made.ok && limit.value !== undefined ? ok(limited(made.value, limit.value, setup)) : made;
};

/** What shall hold in the world as it is now; see `measureStages`. */
export const stagesNow = async (
  setup: ClusterSetup,
  stage: string,
  args: ParsedArguments,
  context: CommandContext,
): ReturnType<typeof measureStages> => {
  return measureStages(planRequest(setup, args, context), stage, setup.tools);
};

/** A plan for some hosts only, which is said loudly: the cluster is not as the spec wants it afterwards. */
export const limited = (made: MadePlan, hosts: readonly string[], { tools }: ClusterSetup): MadePlan => {
  const { plan, leftOut } = limitPlan(made.plan, hosts);
  const text = `partial: only ${hosts.join(', ')}; ${count(leftOut.length, 'action')} left out`;
  tools.emit({ type: 'note', level: 'warning', text });
  return { ...made, plan };
};
