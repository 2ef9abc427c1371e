import type { DroverError } from '../../../core/error.js';
import { sentence } from '../../../core/text.js';
import { driverOf } from '../../../facts/cni/drivers.js';
import { situationOf } from '../../../plan/network/situation.js';
import type { Cluster } from '../../../spec/cluster.js';
import type { World } from '../../../steps/step.js';

/** A change of network is for all members: it is not planned from what some of them show. Undefined = nothing is unclear. */
export const unclearNetwork = (cluster: Cluster, world: World): DroverError | undefined => {
  const situation = situationOf(cluster, world);
  if (situation.kind !== 'unclear') return undefined;
  const { hosts, used } = situation;
  const titles = used.map(({ driver }) => driverOf(driver).title);
  const [cause, hint] =
    hosts.length > 0
      ? [`not seen: ${sentence(hosts)}`, 'bring them back, or take them out of the spec']
      : [`at work: ${sentence(titles)}`, '`drover doctor` names what each host has'];
  return {
    code: 'network-unclear',
    message: `which network ${cluster.name} runs cannot be told, so no change of it was planned`,
    cause,
    state: 'nothing was changed',
    hint,
  };
};
