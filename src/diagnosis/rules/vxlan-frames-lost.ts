import { manual } from '../compose.js';
import { askedOption, udpPortOf } from '../networks.js';
import { grid, grids, passes } from '../paths/grid.js';
import { defineRule } from '../rule.js';
import { lossFinding, lostPaths } from '../shapes/lost-paths.js';

export const vxlanFramesLost = defineRule({
  code: 'vxlan-frames-lost',
  title: 'Real VXLAN frames are lost although the UDP port passes',
  severity: 'warning',
  reads: ['probe:vxlan', 'probe:udp', 'spec'],
  explain: `A plain datagram to the port arrives, a real VXLAN frame to the same port does not: something looks into the packets (deep inspection, a hypervisor that handles VXLAN itself), or the
tunnel packet is damaged (checksum offload) or addressed to a MAC that the receiver no longer has (systemd's MACAddressPolicy). Tests with \`nc\` never show this.`,
  source: 'https://github.com/flannel-io/flannel/issues/2388',
  check: (context) => {
    const asked = askedOption(context.cluster);
    const port = asked === undefined ? undefined : udpPortOf(asked, context.cluster);
    return grids(context, 'vxlan').flatMap((frames) => {
      const number = frames.matrix.number;
      const plain = grid(context, 'udp', number);
      if (plain === undefined || frames.matrix.control) return [];
      const at = new Map(plain.hosts.map((host, index) => [host, index]));
      const places = frames.hosts.map((host) => at.get(host) ?? -1);
      const loss = lostPaths(context, frames, {
        cells: '-nsc',
        only: (from, to) => passes(plain.cell(places[from] ?? -1, places[to] ?? -2)),
      });
      if (loss === undefined) return [];
      return [
        lossFinding(loss, {
          severity: number === port ? 'error' : 'warning',
          subject: `A real VXLAN frame to UDP ${number ?? ''}`,
          evidence: 'VXLAN frame lost where a plain datagram to the same port arrives',
          cause:
            'Something on the way inspects VXLAN, or the frames arrive damaged or for a wrong MAC address.',
          fix: manual(
            'choose a network without VXLAN from the verdicts (WireGuard, IPIP, or another port), or ask the provider about VXLAN filters',
          ),
        }),
      ];
    });
  },
});
