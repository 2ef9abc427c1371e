import { createHash } from 'node:crypto';
import type { LabPlan } from './state/schema.js';

type Named = Pick<LabPlan, 'name'>;
type WithHosts = Pick<LabPlan, 'name' | 'network'> & { readonly hosts: readonly { readonly name: string }[] };

/** Network namespace in which Drover itself works on the lab. */
export const operatorNetns = ({ name }: Named): string => `drover-${name}`;

/** Network namespace of the router; lab names hold no dots, so it never meets another lab's. */
export const routerNetns = ({ name }: Named): string => `drover-${name}.router`;

/** Namespace with the gateway address: hosts hang here, resolvers and packages are served here. */
export const gatewayNetns = (plan: Pick<LabPlan, 'name' | 'network'>): string =>
  plan.network === 'routed' ? routerNetns(plan) : operatorNetns(plan);

export const netnsPath = (name: string): string => `/run/netns/${name}`;

/** Name of the bridge on a switched network, in the operator's namespace. */
export const BRIDGE = 'br0';

/** Machine name for systemd-nspawn. Short, so that the interface names made from it stay below 15 characters. */
export const machineName = (plan: WithHosts, host: string): string => {
  const index = plan.hosts.findIndex((entry) => entry.name === host);
  return `${createHash('sha256').update(plan.name).digest('hex').slice(0, 6)}-${index}`;
};

/** The lab's end of a host's network cable, as systemd-nspawn names it. */
export const portName = (plan: WithHosts, host: string): string =>
  `${plan.network === 'routed' ? 've' : 'vb'}-${machineName(plan, host)}`;

/** The host's own end of its cable. */
export const HOST_INTERFACE = 'host0';

/** Name of a host's cgroup in every hierarchy. */
export const cgroupName = (plan: Named, host: string): string => `drover-${plan.name}-${host}`;
