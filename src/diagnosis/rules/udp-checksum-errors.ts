import { manual } from '../compose.js';
import { kernelMessageRule } from '../shapes/kernel-message.js';

export const udpChecksumErrors = kernelMessageRule({
  code: 'udp-checksum-errors',
  title: 'Tunnel packets arrive with bad checksums',
  severity: 'error',
  pattern: /UDP: bad checksum/i,
  says: 'throws tunnel packets away because their checksum is wrong',
  cause: 'The network card or its driver miscalculates the checksum of the outer packet (offload).',
  fix: manual('on both ends: ethtool -K flannel.1 tx-checksum-ip-generic off, kept by a udev rule'),
  explain: `ICMP works through the tunnel, DNS and TCP do not: the signature of checksum offload that breaks with VXLAN. Switch the offload off on the tunnel device; the
price is a little processor time.`,
  source: 'https://github.com/flannel-io/flannel/issues/1279',
  causes: ['udp-damaged', 'vxlan-frames-lost'],
});
