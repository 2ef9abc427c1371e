import type { ProbePorts } from './layout.js';

/** UDP ports of the tunnels that the verdict table judges. */
const TUNNELS = {
  flannelVxlan: 8472,
  calicoVxlan: 4789,
  geneve: 6081,
  /** Beside the usual ports: shows whether a filter knows 8472 by number. */
  spareVxlan: 8473,
  flannelWireguard: 51820,
  ciliumWireguard: 51871,
} as const;

/** API server, etcd clients and peers, kubelet, embedded registry mirror (installers.md). */
const SERVICES = [6443, 2379, 2380, 10250, 5001] as const;
const SSH = 22;

export interface PortWishes {
  /** UDP port of the tunnel, when the spec sets its own. */
  readonly tunnelPort?: number | undefined;
  /** TCP port on which sshd answers, the control for all others. */
  readonly sshPort?: number | undefined;
}

/** Ports to measure: all that one of the judged networks needs, and those that the spec sets itself. */
export const probePorts = ({ tunnelPort, sshPort }: PortWishes = {}): ProbePorts => {
  const own = tunnelPort === undefined ? [] : [tunnelPort];
  const tcpControl = sshPort ?? SSH;
  return {
    udp: [...new Set([...Object.values(TUNNELS), ...own])],
    tcp: [...new Set([...SERVICES, tcpControl])],
    vxlan: [...new Set([TUNNELS.flannelVxlan, TUNNELS.calicoVxlan, ...own])],
    wireguard: [TUNNELS.flannelWireguard],
    tcpControl,
  };
};
