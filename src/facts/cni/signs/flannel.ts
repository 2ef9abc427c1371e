import type { Signs } from '../driver.js';

/** Canal is Flannel's wire with Calico's policies: both are in use. */
const common = {
  config: /flannel|cbr0|canal/,
  annotations: /^flannel\.alpha\.coreos\.com\//,
};

/** K3s runs it inside its own process: no DaemonSet shows it. */
export const flannelK3sSigns: Signs = { ...common, agents: /^$/ };

export const flannelDaemonSetSigns: Signs = {
  ...common,
  agents: /^(kube-flannel|kube-system)\/(kube-flannel|.*canal)/,
};
