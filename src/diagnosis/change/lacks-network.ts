import { networksInUse } from '../../facts/cni/in-use.js';
import { members } from '../access.js';
import { askedOption } from '../networks.js';
import type { RuleContext } from '../rule.js';

/** A cluster lives without any network, and the spec asks for one. False when it cannot be told. Pure. */
export const lacksNetwork = (context: RuleContext): boolean => {
  const { kubernetes } = context.facts;
  if (kubernetes === undefined || askedOption(context.cluster) === undefined) return false;
  const { used, unseen } = networksInUse(members(context), kubernetes);
  return used.length === 0 && unseen.length === 0;
};
