import type { NetworkOption } from '../../core/events/verdict.js';
import { udpPortOf } from '../networks.js';
import type { RuleContext } from '../rule.js';
import type { Check } from './check.js';
import { kernelFeature, reversePath } from './kernel.js';
import { portFree } from './residue.js';
import { tunnelPort } from './wire.js';

/** What the lab's own network needs. */
export const labChecks = (context: RuleContext, option: NetworkOption): Check[] => {
  const port = udpPortOf(option, context.cluster) ?? 0;
  return [
    kernelFeature(context, 'vxlan'),
    ...tunnelPort(context, { port, portOption: 'network.cni.port', vxlan: true }),
    portFree(context, port, 'lab'),
    reversePath(context),
  ];
};
