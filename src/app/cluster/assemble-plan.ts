import type { DroverError, DroverErrors } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { count, sentence } from '../../core/text.js';
import { networkChange } from '../../diagnosis/change/ways.js';
import { diagnose } from '../../diagnosis/diagnose.js';
import type { DoctorReport } from '../../diagnosis/report.js';
import type { FactsFile } from '../../facts/model/facts-file.js';
import type { HostFacts } from '../../facts/model/host-facts.js';
import { assemble } from '../../plan/assemble.js';
import type { StageGoal } from '../../plan/goal.js';
import { RESIDUE } from '../../plan/network/residue.js';
import { lastNetworkStages } from '../../plan/network/stages.js';
import type { World } from '../../steps/step.js';
import { tellReport } from '../doctor/tell.js';
import type { Artifacts } from './artifacts.js';
import { bindingOf } from './binding.js';
import { withChosenWay } from './network/chosen-way.js';
import { mendedByChange } from './network/mended.js';
import { unclearNetwork } from './network/unclear.js';
import { notManaged } from './not-managed.js';
import type { MadePlan, PlanRequest } from './plan-request.js';
import { type Sight, seeWorld } from './see-world.js';
import { type WorldWithSets, withSets } from './sets/world-sets.js';
import type { ClusterTools } from './tools.js';
import { wantedStages } from './wanted-stages.js';

const refusal = ({ counts, findings }: DoctorReport): DroverError => {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const codes = [...new Set(errors.map(({ code }) => code))];
  return {
    code: 'plan-refused',
    message: `the doctor found ${count(counts.errors, 'error')}, so no plan was made: ${sentence(codes)}`,
    cause: errors.map(({ title }) => title).join('\n'),
    state: 'nothing was changed',
    hint: 'mend them, or leave single ones out with --ignore CODE',
  };
};

/** What the doctor says against planning: errors that the plan itself does not mend, told like any diagnosis. */
export const objections = (
  { cluster, ignore, only }: Pick<PlanRequest, 'cluster' | 'ignore' | 'only'>,
  facts: FactsFile,
  { tools, begin }: { readonly tools: ClusterTools; readonly begin: number },
): Result<void, DroverErrors> => {
  const mended = mendedByChange({ cluster, only }, facts);
  const report = diagnose({ facts, cluster, ignore: [...ignore, ...mended], only: [] });
  if (!report.ok) return report;
  if (report.value.counts.errors === 0) return ok(undefined);
  const durationMs = tools.clock.monotonic() - begin;
  tellReport(tools.emit, { facts, report: report.value, factsFile: '', durationMs, recalled: false });
  return err([refusal(report.value)]);
};

/** What was looked at beside the paths between hosts. */
export interface Looked extends WorldWithSets {
  readonly artifacts: Artifacts;
}

const seeAll = async (
  request: PlanRequest,
  hosts: readonly HostFacts[],
  sight: Sight,
): Promise<Result<WorldWithSets, DroverErrors>> =>
  withSets(request.cluster, await seeWorld(request, hosts, sight), sight);

/** The cluster with the sets that live in it, and what hosts get: looked at side by side. */
export const lookAround = async (
  request: PlanRequest,
  hosts: readonly HostFacts[],
  sight: Sight,
): Promise<Result<Looked, DroverErrors>> => {
  const [seen, artifacts] = await Promise.all([seeAll(request, hosts, sight), request.artifacts(hosts)]);
  if (!artifacts.ok) return err([artifacts.error]);
  return seen.ok ? ok({ ...seen.value, artifacts: artifacts.value }) : seen;
};

/** The plan from what was seen. */
export const assemblePlan = (
  request: PlanRequest,
  { facts, looked }: { readonly facts: FactsFile; readonly looked: Looked },
  tools: ClusterTools,
): Result<MadePlan, DroverErrors> => {
  const { cluster, ignore, only } = request;
  const { world, wanted: sets, artifacts } = looked;
  const kubernetes = world.cluster ?? facts.kubernetes;
  const change = networkChange({
    facts: { ...facts, ...(kubernetes === undefined ? {} : { kubernetes }) },
    cluster,
  });
  const chosen = change === undefined ? undefined : withChosenWay(cluster, world, change);
  if (chosen?.ok === false) return err([chosen.error]);
  const unclear = only === 'network' ? unclearNetwork(cluster, world) : undefined;
  if (unclear !== undefined) return err([unclear]);
  const stages = wantedStages({
    cluster,
    world,
    artifacts,
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

const inWords = (errors: DroverErrors): string => errors.map(({ message }) => message).join('; ');

/** What shall hold in the world as it is seen now, for a stage that is planned when it starts. */
export const laterStages = async (
  request: PlanRequest,
  { hosts, later }: { readonly hosts: readonly HostFacts[]; readonly later: string },
  sight: Sight,
): Promise<Result<{ readonly world: World; readonly stages: readonly StageGoal[] }, string>> => {
  const { cluster } = request;
  // What goes last of a network needs no program, and looking for one may mean to build it.
  if (later === RESIDUE) {
    const seen = await seeAll(request, hosts, sight);
    if (!seen.ok) return err(inWords(seen.error));
    const { world } = seen.value;
    return ok({ world, stages: lastNetworkStages({ cluster, world }) });
  }
  const looked = await lookAround(request, hosts, sight);
  if (!looked.ok) return err(inWords(looked.error));
  const { world, wanted: sets, artifacts } = looked.value;
  const stages = wantedStages({ cluster, world, artifacts, sets, later });
  return stages.ok ? ok({ world, stages: stages.value }) : err(stages.error.message);
};
