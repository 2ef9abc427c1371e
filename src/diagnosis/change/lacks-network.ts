import { networksInUse } from '../../facts/cni/in-use.js';
import { liveInstalls, members } from '../access.js';
import { askedOption } from '../networks.js';
import type { RuleContext } from '../rule.js';

/** Kubernetes runs without any network, and the spec asks for one. False when it cannot be told. Pure. */
export const lacksNetwork = (context: RuleContext): boolean => {
  const hosts = members(context);
  const lives = hosts.some((host) => liveInstalls(host).length > 0);
  if (!lives || askedOption(context.cluster) === undefined) return false;
  const { used, unseen } = networksInUse(hosts, context.facts.kubernetes);
  return used.length === 0 && unseen.length === 0;
};
