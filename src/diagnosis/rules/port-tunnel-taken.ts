import { neededUdp } from '../networks.js';
import { portTakenRule } from '../shapes/port-taken.js';

export const portTunnelTaken = portTakenRule({
  code: 'port-tunnel-taken',
  title: 'The UDP port of the cluster network is taken by a program',
  severity: 'error',
  protocol: 'udp',
  ports: (context) => [neededUdp(context.cluster) ?? 8472],
  serversOnly: false,
  what: 'tunnel of the cluster network',
  explain: `The tunnel of the cluster network needs this UDP port, and a program has bound it: the device cannot be created ("address already in use"). A device of the kernel that holds the port is reported as \`vxlan-device-stale\`.`,
  causes: ['install-failing'],
});
