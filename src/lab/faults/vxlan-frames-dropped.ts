import { defineFault } from './fault.js';

export const vxlanFramesDropped = defineFault({
  id: 'vxlan-frames-dropped',
  place: 'network',
  title: 'VXLAN frames vanish while plain UDP on the same port passes',
  simulates:
    'A middlebox that looks into packets. A port test says all is well; the cluster network does not work.',
  codes: ['vxlan-frames-lost'],
  targets: 'agent',
  rules: (targets, { to }) =>
    // The first word of a VXLAN header: only the flag of a valid network identifier is set (RFC 7348).
    targets.map((host) => `${to(host)} udp dport 8472 @th,64,32 0x08000000 drop`),
});
