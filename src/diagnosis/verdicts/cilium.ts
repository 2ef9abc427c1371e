import type { NetworkOption } from '../../core/events/verdict.js';
import { udpPortOf } from '../networks.js';
import type { RuleContext } from '../rule.js';
import { neighbours, podSources } from './bare.js';
import type { Check } from './check.js';
import { bpfReady, cgroupReady, kernelFeature, kernelVersion, reversePath } from './kernel.js';
import { portFree } from './residue.js';
import { tunnelPort } from './wire.js';

/** What Cilium's routing modes need. Its default tunnel is VXLAN on Flannel's port, 8472. */
export const ciliumChecks = (context: RuleContext, option: NetworkOption): Check[] => {
  const always = [
    kernelVersion(context, '5.10'),
    bpfReady(context),
    cgroupReady(context),
    reversePath(context),
  ];
  const port = udpPortOf(option, context.cluster) ?? 0;
  if (option === 'cilium-tunnel')
    return [
      kernelFeature(context, 'vxlan'),
      ...tunnelPort(context, { port, portOption: 'tunnelPort', vxlan: true }),
      portFree(context, port, 'cilium'),
      ...always,
    ];
  return [
    neighbours(context, { called: 'direct routes (auto-direct-node-routes)', viaProvider: true }),
    podSources(context),
    ...always,
  ];
};
