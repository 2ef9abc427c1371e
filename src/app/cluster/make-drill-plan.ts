import { didYouMean } from '../../core/did-you-mean.js';
import type { DroverError, DroverErrors } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import type { ClusterFacts, NodeFacts } from '../../facts/cluster/cluster-facts.js';
import { assemble } from '../../plan/assemble.js';
import { type DrillWish, drillGoals } from '../../plan/drill-goals.js';
import { type EtcdMember, mayDisrupt } from '../../run/quorum.js';
import { type ClusterHost, isMember } from '../../spec/cluster.js';
import { OUT_OF_SERVICE } from '../../steps/drill/node.js';
import { measure } from '../doctor/measure.js';
import { bindingOf } from './binding.js';
import type { MadePlan, PlanRequest } from './plan-request.js';
import { seeWorld, withSight } from './see-world.js';
import type { ClusterTools } from './tools.js';

export interface DrillRequest
  extends Pick<PlanRequest, 'cluster' | 'subject' | 'timeoutMs'>,
    Omit<DrillWish, 'host'> {
  /** Name of the host that is lost. */
  readonly host: string;
}

const refused = (message: string, hint: string, cause?: string): DroverError => ({
  code: 'drill-refused',
  message,
  state: 'nothing was changed',
  hint,
  ...(cause === undefined ? {} : { cause }),
});

const unknown = (name: string, members: readonly ClusterHost[]): DroverError => {
  const names = members.map((host) => host.name);
  const near = didYouMean(name, names);
  const hint = near === undefined ? `nodes are ${names.join(', ')}` : `did you mean ${near}?`;
  return {
    code: 'drill-host-unknown',
    message: `no node is named '${name}'`,
    state: 'nothing was done',
    hint,
  };
};

const isReady = ({ conditions }: NodeFacts): boolean =>
  conditions.some(({ type, status }) => type === 'Ready' && status === 'True');

const membersOf = ({ nodes }: ClusterFacts): EtcdMember[] =>
  nodes.flatMap((node) =>
    node.etcd === undefined
      ? []
      : [{ name: node.name, learner: node.etcd === 'learner', healthy: isReady(node) }],
  );

/** Why the node may not be lost now; undefined = it may. A drill proves that a healthy cluster bears the loss. */
export const objection = (host: string, seen: ClusterFacts | undefined): DroverError | undefined => {
  if (seen === undefined)
    return refused('no API of the cluster answers', 'drover verify says what does not work');
  const node = seen.nodes.find(({ name }) => name === host);
  if (node === undefined || !isReady(node))
    return refused(`${host} is not Ready: there is nothing to lose`, 'drover verify says what is wrong');
  if (node.taints.some(({ key }) => key === OUT_OF_SERVICE))
    return refused(
      `${host} is out of service already: somebody has told the cluster that it is off`,
      `kubectl taint nodes ${host} ${OUT_OF_SERVICE}- takes that back`,
    );
  if (!seen.nodes.some((other) => other.name !== host && isReady(other)))
    return refused(`${host} is the only node that is Ready`, 'a loss can be borne by two nodes or more');
  const answer = mayDisrupt(membersOf(seen), host);
  if (answer.kind === 'safe') return undefined;
  return refused(
    `${host} may not be lost: the cluster would take no writes`,
    answer.kind === 'refused' ? 'mend the other servers first' : 'three servers bear the loss of one',
    answer.why,
  );
};

/** Plans the loss of one node, its proof and its return. Changes nothing; refuses where the cluster would not bear it. */
export const makeDrillPlan = async (
  { host: name, cluster, subject, timeoutMs, ...wish }: DrillRequest,
  tools: ClusterTools,
): Promise<Result<MadePlan, DroverErrors>> => {
  const members = cluster.hosts.filter(isMember);
  const host = members.find((each) => each.name === name);
  if (host === undefined) return err([unknown(name, members)]);
  const doctor = { ...tools, signal: tools.soft, files: tools.files };
  const facts = await measure(subject, { passive: true, deep: false, timeoutMs }, doctor);
  const request = { cluster, subject, timeoutMs };
  const world = await withSight(request, tools, (sight) => seeWorld(request, facts.hosts, sight));
  const against = objection(name, world.cluster);
  if (against !== undefined) return err([against]);
  const plan = assemble({
    ...bindingOf(cluster, world, tools),
    stages: [drillGoals(cluster, world, { ...wish, host })],
    notManaged: [],
    ignored: [],
  });
  return ok({ plan, facts: { ...facts, hosts: [...world.hosts.values()] } });
};
