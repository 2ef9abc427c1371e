import { balancerAddress, managedBalancers } from '../spec/balancers.js';
import type { Cluster } from '../spec/cluster.js';
import { haproxy } from '../steps/balancer/haproxy.js';
import { haproxyConfig } from '../steps/balancer/haproxy-config.js';
import type { World } from '../steps/step.js';
import { type Goal, goalId } from './goal.js';

/** HAProxy on the hosts of load balancers that Drover manages; a lab has only some external hosts. */
export const balancerGoals = (cluster: Cluster, world: World): Goal[] =>
  managedBalancers(cluster).flatMap((balancer) => {
    const { host, name, listeners } = balancer;
    if (host === undefined || !world.hosts.has(host)) return [];
    const address = balancerAddress(cluster, balancer) ?? '';
    const at = address.includes(':') ? `[${address}]` : address;
    const params = {
      balancer: name,
      config: haproxyConfig(cluster, balancer),
      listeners: listeners.map(({ port }) => `${at}:${port}`),
    };
    return [{ id: goalId(haproxy, host), step: haproxy, params, host, hosts: [host], after: [] }];
  });
