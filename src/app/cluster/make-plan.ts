import type { DroverError, DroverErrors } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { count, sentence } from '../../core/text.js';
import { networkChange } from '../../diagnosis/change/ways.js';
import { diagnose } from '../../diagnosis/diagnose.js';
import type { DoctorReport } from '../../diagnosis/report.js';
import type { FactsFile } from '../../facts/model/facts-file.js';
import type { HostFacts } from '../../facts/model/host-facts.js';
import { type AssembleInput, assemble } from '../../plan/assemble.js';
import type { StageGoal } from '../../plan/goal.js';
import type { Plan } from '../../plan/model.js';
import { RESIDUE } from '../../plan/network/residue.js';
import { askedOf } from '../../plan/network/situation.js';
import { lastNetworkStages } from '../../plan/network/stages.js';
import type { Cluster } from '../../spec/cluster.js';
import type { World } from '../../steps/step.js';
import { measure } from '../doctor/measure.js';
import { type Subject, serverTargets } from '../doctor/subject.js';
import { tellReport } from '../doctor/tell.js';
import type { Artifacts } from './artifacts.js';
import { kubeAccess } from './kube-access.js';
import { leavingHosts } from './leaving-hosts.js';
import { withChosenWay } from './network/chosen-way.js';
import { seeCluster } from './see-cluster.js';
import { withSets } from './sets/world-sets.js';
import type { ClusterTools } from './tools.js';
import { wantedStages } from './wanted-stages.js';

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

/** Sections of the spec that nothing in this version acts on; said in every plan, neither passed nor failed. */
export const notManaged = (cluster: Cluster): string[] => {
  const { spec } = cluster;
  const brings = spec.network.cni.name === 'none' || askedOf(cluster) !== undefined;
  return [
    ...(brings ? [] : ['spec.network.cni']),
    ...(spec.addons.certManager.enabled ? ['spec.addons.certManager'] : []),
    ...(spec.monitoring.enabled ? ['spec.monitoring'] : []),
    ...(spec.vault === undefined ? [] : ['spec.vault']),
    ...(['ufw', 'keep'].includes(spec.preparation.firewall.kind) ? [] : ['spec.preparation.firewall']),
    ...(spec.preparation.docker === 'keep' ? [] : ['spec.preparation.docker']),
  ];
};

const refusal = ({ counts, findings }: DoctorReport): DroverError => {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const codes = [...new Set(errors.map(({ code }) => code))];
  return {
    code: 'plan-refused',
    message: `the doctor found ${count(counts.errors, 'error')}, so no plan was made: ${sentence(codes)}`,
    state: 'nothing was changed',
    hint: 'mend them, or leave single ones out with --ignore CODE',
  };
};

const hasServer = (facts: FactsFile): boolean =>
  facts.hosts.some(({ sections }) =>
    sections.kubernetes?.value?.installs.some(({ role, active }) => role === 'server' && active === 'active'),
  );

/** The hosts as the doctor saw them, the cluster if there is one, and the hosts of nodes that leave it. */
export const seeWorld = async (
  request: Pick<PlanRequest, 'cluster' | 'subject' | 'timeoutMs'>,
  facts: FactsFile,
  tools: ClusterTools,
): Promise<World> => {
  const servers = serverTargets(request.subject.hosts);
  const access = kubeAccess(servers, tools);
  try {
    const [seen, operator] = await Promise.all([
      hasServer(facts) ? seeCluster(access, tools)(tools.soft) : undefined,
      tools.machine.see(tools.soft),
    ]);
    const leaving = leavingHosts(request.cluster, tools.realm, seen);
    const { timeoutMs } = request;
    const more = await tools.instruments.collect(leaving, { passive: true, deep: false, timeoutMs });
    const hosts = new Map([...facts.hosts, ...more].map((host) => [host.name, host]));
    return { hosts, operator, ...(seen === undefined ? {} : { cluster: seen }) };
  } finally {
    access.close();
  }
};

/** What every plan of a cluster is bound to. */
export const bindingOf = (
  cluster: Cluster,
  world: World,
  tools: ClusterTools,
): Pick<AssembleInput, 'tool' | 'realm' | 'cluster' | 'createdAt' | 'specHash' | 'world'> => ({
  tool: tools.tool,
  realm: tools.realm,
  cluster: { name: cluster.name, ...(world.cluster === undefined ? {} : { uid: world.cluster.uid }) },
  createdAt: new Date(tools.clock.now()).toISOString(),
  specHash: cluster.hash,
  world,
});

const assembled = async (
  request: PlanRequest,
  facts: FactsFile,
  tools: ClusterTools,
): Promise<Result<MadePlan, DroverErrors>> => {
  const { cluster, ignore } = request;
  const [hosts, artifacts] = await Promise.all([
    seeWorld(request, facts, tools),
    request.artifacts(facts.hosts),
  ]);
  if (!artifacts.ok) return err([artifacts.error]);
  const seen = await withSets(request, hosts, tools);
  if (!seen.ok) return seen;
  const { world, wanted: sets } = seen.value;
  const kubernetes = world.cluster ?? facts.kubernetes;
  const change = networkChange({
    facts: { ...facts, ...(kubernetes === undefined ? {} : { kubernetes }) },
    cluster,
  });
  const chosen = change === undefined ? undefined : withChosenWay(cluster, world, change);
  if (chosen?.ok === false) return err([chosen.error]);
  const { only } = request;
  const stages = wantedStages({
    cluster,
    world,
    artifacts: artifacts.value,
    sets,
    only,
    broken: change?.broken,
  });
  if (!stages.ok) return err([stages.error]);
  const plan = assemble({
    ...bindingOf(cluster, world, tools),
    stages: stages.value,
    notManaged: notManaged(cluster),
    only,
    ...(chosen === undefined ? {} : { networkChange: chosen.value }),
    ignored: [...ignore].sort(),
  });
  return ok({ plan, facts: { ...facts, hosts: [...world.hosts.values()] } });
};

/** What shall hold in the world as it is now, for a stage that is planned when it starts. Changes nothing. */
export const measureStages = async (
  request: PlanRequest,
  later: string,
  tools: ClusterTools,
): Promise<Result<{ readonly world: World; readonly stages: readonly StageGoal[] }, string>> => {
  const wanted = { passive: true, deep: false, timeoutMs: request.timeoutMs };
  const facts = await measure(request.subject, wanted, { ...tools, signal: tools.hard, files: tools.files });
  const [hosts, artifacts] = await Promise.all([
    seeWorld(request, facts, tools),
    // What goes last of a network needs no program, and looking for one may mean to build it.
    later === RESIDUE ? ok(undefined) : request.artifacts(facts.hosts),
  ]);
  if (!artifacts.ok) return err(artifacts.error.message);
  const seen = await withSets(request, hosts, tools);
  if (!seen.ok) return err(seen.error.map(({ message }) => message).join('; '));
  const { world, wanted: sets } = seen.value;
  const { cluster } = request;
  const stages =
    artifacts.value === undefined
      ? ok(lastNetworkStages({ cluster, world }))
      : wantedStages({ cluster, world, artifacts: artifacts.value, sets, later });
  return stages.ok ? ok({ world, stages: stages.value }) : err(stages.error.message);
};

/**
 * What is wrong with a cluster whose network somebody has begun to change, or whose network is broken: the change mends it, or
 * takes it away, so it does not stand in its way.
 */
const MENDED_BY_CHANGE = [
  'several-networks',
  'vxlan-device-stale',
  'flannel-masquerade',
  'conflist-stale',
  'calico-default-deny',
  'cilium-rules',
  'cluster-dns-down',
  'ipip-no-routes',
];

/** Measures, diagnoses, and plans when the doctor finds no error. Changes nothing. */
export const makePlan = async (
  request: PlanRequest,
  tools: ClusterTools,
): Promise<Result<MadePlan, DroverErrors>> => {
  const begin = tools.clock.monotonic();
  const doctor = { ...tools, signal: tools.soft, files: tools.files };
  const facts = await measure(
    request.subject,
    { passive: false, deep: false, timeoutMs: request.timeoutMs },
    doctor,
  );
  const { cluster } = request;
  const mended = networkChange({ facts, cluster }) === undefined ? [] : MENDED_BY_CHANGE;
  const report = diagnose({ facts, cluster, ignore: [...request.ignore, ...mended], only: [] });
  if (!report.ok) return report;
  if (report.value.counts.errors > 0) {
    tellReport(tools.emit, {
      facts,
      report: report.value,
      factsFile: '',
      durationMs: tools.clock.monotonic() - begin,
      recalled: false,
    });
    return err([refusal(report.value)]);
  }
  return assembled(request, facts, tools);
};
