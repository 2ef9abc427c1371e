import type { NetworkOption } from '../../core/events/verdict.js';
import { udpPortOf } from '../networks.js';
import type { RuleContext } from '../rule.js';
import { neighbours, podSources } from './bare.js';
import type { Check } from './check.js';
import { kernelFeature } from './kernel.js';
import { portFree } from './residue.js';
import { tunnelPort } from './wire.js';

/** K3s has no flag for Flannel's port: it is set in a file of Flannel's own. */
const PORT_OPTION = 'flannel-conf, Backend.Port';

/** What Flannel's back ends need. */
export const flannelChecks = (context: RuleContext, option: NetworkOption): Check[] => {
  const port = udpPortOf(option, context.cluster) ?? 0;
  switch (option) {
    case 'flannel-vxlan':
      return [
        kernelFeature(context, 'vxlan'),
        ...tunnelPort(context, { port, portOption: PORT_OPTION, vxlan: true }),
        portFree(context, port, 'flannel'),
      ];
    case 'flannel-wireguard':
      return [
        kernelFeature(context, 'wireguard'),
        ...tunnelPort(context, { port, portOption: PORT_OPTION, vxlan: false, wireguard: true }),
      ];
    default:
      return [neighbours(context, { called: "host-gw's routes", viaProvider: false }), podSources(context)];
  }
};
