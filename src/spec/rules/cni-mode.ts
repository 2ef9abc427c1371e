import { didYouMean } from '../../core/did-you-mean.js';
import { sentence } from '../../core/text.js';
import { CNI_MODES } from '../cni.js';
import { defineSpecRule } from '../rule.js';

/** What people mean when they ask one network for the mode of another. */
const SAME: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  cilium: { vxlan: 'tunnel', none: 'native', 'host-gw': 'native', ipip: 'tunnel' },
  calico: { tunnel: 'vxlan', native: 'none', 'host-gw': 'none' },
  flannel: { tunnel: 'vxlan', native: 'host-gw', none: 'vxlan' },
  lab: { tunnel: 'vxlan' },
};

export const cniMode = defineSpecRule({
  code: 'cni-mode',
  title: 'The cluster network does not have this mode',
  severity: 'error',
  explain: `Each network has its own ways to carry packets between nodes:

- flannel: \`vxlan\` (UDP 8472), \`host-gw\` (one layer 2 network), \`wireguard\` (UDP 51820)
- calico: \`vxlan\` (UDP 4789), \`ipip\` (IP protocol 4), \`none\` (routes by the network)
- cilium: \`tunnel\` (VXLAN, UDP 8472), \`native\` (routes by the network)
- lab: \`vxlan\` (UDP 4789); only in a lab`,
  reads: ['network'],
  check: ({ network }, { at }) => {
    const { name, mode } = network.cni;
    const modes = CNI_MODES[name];
    if (mode === undefined || modes.includes(mode)) return [];
    const near = SAME[name]?.[mode] ?? didYouMean(mode, modes);
    return [
      {
        message:
          name === 'none' ? `without a network there is no mode ${mode}` : `${name} has no mode ${mode}`,
        location: at(['spec', 'network', 'cni', 'mode']),
        ...(near === undefined ? {} : { label: `did you mean ${near}?` }),
        hint: `modes of ${name}: ${sentence(modes)}`,
      },
    ];
  },
});
