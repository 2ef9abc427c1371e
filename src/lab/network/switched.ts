import { parseCidr } from '../../core/cidr.js';
import type { DroverError } from '../../core/error.js';
import type { Result } from '../../core/result.js';
import { BRIDGE, operatorNetns } from '../names.js';
import type { LabPlan } from '../state/schema.js';
import { addNetns, ipBatch, setSysctls } from './netns.js';

/** All hosts on one bridge: each sees the others' frames (L2). The gateway is the operator's own end. */
export const makeSwitchedNetwork = async (plan: LabPlan): Promise<Result<void, DroverError>> => {
  const netns = operatorNetns(plan);
  const added = await addNetns(netns);
  if (!added.ok) return added;
  // Bridged frames must not meet the packet filters of the namespace they are switched in.
  await setSysctls(netns, {
    'net.bridge.bridge-nf-call-iptables': '0',
    'net.bridge.bridge-nf-call-ip6tables': '0',
  });
  return ipBatch(netns, [
    'link set lo up',
    `link add ${BRIDGE} type bridge`,
    `address add ${plan.gateway}/${parseCidr(plan.nodes)?.prefix ?? 24} dev ${BRIDGE}`,
    ...plan.resolvers.map((address) => `address add ${address}/32 dev lo`),
    `link set ${BRIDGE} up`,
  ]);
};
