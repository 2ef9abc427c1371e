import { manual } from '../compose.js';
import { udpLossRule } from '../shapes/udp-loss.js';

export const udpDamaged = udpLossRule({
  code: 'udp-damaged',
  title: 'Tunnel packets arrive damaged',
  cell: 'c',
  evidence: 'arrived with a wrong checksum',
  cause: 'Checksum offload of the network card or hypervisor is broken for these packets.',
  fix: () => manual('on both ends: ethtool -K INTERFACE tx-checksum-ip-generic off, kept by a udev rule'),
  explain: `The datagrams arrive but their checksum is wrong, so the kernel throws them away. Known from some drivers and hypervisors with UDP tunnels: ping works, DNS and TCP do not.`,
  source: 'https://github.com/flannel-io/flannel/issues/1279',
  causes: ['vxlan-frames-lost'],
});
