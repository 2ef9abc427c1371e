import type { DroverErrors } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { sentence } from '../../core/text.js';
import { assemble } from '../../plan/assemble.js';
import { cleanGoals, inUseBy } from '../../plan/clean-goals.js';
import { measure } from '../doctor/measure.js';
import { bindingOf } from './binding.js';
import type { MadePlan, PlanRequest } from './plan-request.js';
import { seeWorld, withSight } from './see-world.js';
import type { ClusterTools } from './tools.js';

/**
 * Plans the removal of what unused cluster networks left. The doctor's errors do not stand in the way: many of them are
 * what is removed. A host that was not seen does: what it uses would be taken from the others.
 */
export const makeCleanPlan = async (
  request: Pick<PlanRequest, 'cluster' | 'subject' | 'timeoutMs'>,
  tools: ClusterTools,
): Promise<Result<MadePlan, DroverErrors>> => {
  const { cluster, subject, timeoutMs } = request;
  const doctor = { ...tools, signal: tools.soft, files: tools.files };
  const facts = await measure(subject, { passive: true, deep: false, timeoutMs }, doctor);
  const world = await withSight(request, tools, (sight) => seeWorld(request, facts.hosts, sight));
  const { unseen } = inUseBy(cluster, world);
  if (unseen.length > 0)
    return err([
      {
        code: 'clean-hosts-unseen',
        message: `${sentence(unseen)} could not be observed, so it is not known which cluster networks are in use`,
        state: 'nothing was changed',
        hint: 'make them reachable, or take them out of the spec if they are gone for ever',
      },
    ]);
  const plan = assemble({
    ...bindingOf(cluster, world, tools),
    stages: [cleanGoals(cluster, world)],
    notManaged: [],
    ignored: [],
  });
  return ok({ plan, facts: { ...facts, hosts: [...world.hosts.values()] } });
};
