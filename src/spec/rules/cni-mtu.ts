import { modeOf, overheadOf, underlayMtu } from '../cni.js';
import { defineSpecRule } from '../rule.js';

export const cniMtu = defineSpecRule({
  code: 'cni-mtu',
  title: 'Packets of pods do not fit into the node network',
  severity: 'error',
  acceptable: true,
  explain: `A tunnel adds a header to every packet: VXLAN 50 bytes (70 over IPv6), IPIP 20, Flannel's WireGuard 80. The MTU of
pods must be the node network's minus that, else small packets pass and large ones vanish: ping works, TLS hangs. A Hetzner
Cloud network has 1450, a vSwitch 1400. Leave \`mtu\` out and Drover measures; where the network carries more than 1500,
say so by \`network.provider.mtu\`.`,
  reads: ['network'],
  check: ({ network }, { at }) => {
    const { mtu, name } = network.cni;
    const underlay = underlayMtu(network) ?? 1500;
    const most = underlay - overheadOf(network);
    if (mtu === undefined || mtu <= most) return [];
    return [
      {
        message: `an MTU of ${mtu} is too large for ${name} ${modeOf(network)} on a network of ${underlay}`,
        location: at(['spec', 'network', 'cni', 'mtu']),
        label: `at most ${most}`,
        cause: `${underlay} − ${overheadOf(network)} bytes for the tunnel = ${most}`,
        hint: 'leave mtu out: Drover measures it',
      },
    ];
  },
});
