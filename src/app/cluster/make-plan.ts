import type { DroverErrors } from '../../core/error.js';
import type { Result } from '../../core/result.js';
import type { HostFacts } from '../../facts/model/host-facts.js';
import type { StageGoal } from '../../plan/goal.js';
import type { World } from '../../steps/step.js';
import { measure } from '../doctor/measure.js';
import type { MadePlan, PlanRequest } from './plan-request.js';
import { withSight } from './see-world.js';
import type { ClusterTools } from './tools.js';

/** Goals, steps and rules are many files: they are read while hosts answer, not before anybody has asked them. */
const loadPlanning = () => import('./assemble-plan.js');

/** What shall hold in the world as it is now, for a stage that is planned when it starts. Changes nothing. */
export const measureStages = (
  request: PlanRequest,
  later: string,
  tools: ClusterTools,
): Promise<Result<{ readonly world: World; readonly stages: readonly StageGoal[] }, string>> =>
  withSight(request, tools, async (sight) => {
    const { subject, timeoutMs } = request;
    const doctor = { ...tools, signal: tools.hard, files: tools.files };
    const { hosts } = await measure(subject, { passive: true, deep: false, timeoutMs }, doctor);
    const { laterStages } = await loadPlanning();
    return laterStages(request, { hosts, later }, sight);
  });

/**
 * Measures, diagnoses, and plans when the doctor finds no error. Changes nothing. While the paths between hosts are
 * probed, the cluster is looked at.
 */
export const makePlan = (
  request: PlanRequest,
  tools: ClusterTools,
): Promise<Result<MadePlan, DroverErrors>> =>
  withSight(request, tools, async (sight) => {
    const begin = tools.clock.monotonic();
    const doctor = { ...tools, signal: tools.soft, files: tools.files };
    const { subject, timeoutMs } = request;
    const planning = loadPlanning();
    const look = async (hosts: readonly HostFacts[]) => (await planning).lookAround(request, hosts, sight);
    let looking: ReturnType<typeof look> | undefined;
    const onHosts = (hosts: readonly HostFacts[]): void => {
      looking = look(hosts);
      // Awaited below; the probes may take longer than a failure here.
      looking.catch(() => undefined);
    };
    const facts = await measure(subject, { passive: false, deep: false, timeoutMs, onHosts }, doctor);
    const looked = await (looking ?? look(facts.hosts));
    const { objections, assemblePlan } = await planning;
    const objected = objections(request, facts, { tools, begin });
    if (!objected.ok) return objected;
    return looked.ok ? assemblePlan(request, { facts, looked: looked.value }, tools) : looked;
  });
