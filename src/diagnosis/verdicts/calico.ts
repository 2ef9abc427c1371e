import type { NetworkOption } from '../../core/events/verdict.js';
import { udpPortOf } from '../networks.js';
import type { RuleContext } from '../rule.js';
import { neighbours, podSources } from './bare.js';
import type { Check } from './check.js';
import { kernelFeature, reversePath } from './kernel.js';
import { ipipPasses } from './protocol.js';
import { ipsetsReadable, portFree } from './residue.js';
import { tunnelPort } from './wire.js';

/** What Calico's encapsulations need. */
export const calicoChecks = (context: RuleContext, option: NetworkOption): Check[] => {
  const always = [kernelFeature(context, 'ip_set'), ipsetsReadable(context), reversePath(context)];
  const port = udpPortOf(option, context.cluster) ?? 0;
  switch (option) {
    case 'calico-ipip':
      return [kernelFeature(context, 'ipip'), ipipPasses(context), ...always];
    case 'calico-vxlan':
      return [
        kernelFeature(context, 'vxlan'),
        ...tunnelPort(context, { port, portOption: 'FelixConfiguration vxlanPort', vxlan: true }),
        portFree(context, port, 'calico'),
        ...always,
      ];
    default:
      return [
        neighbours(context, { called: 'routes to pods via their node', viaProvider: true }),
        podSources(context),
        ...always,
      ];
  }
};
