import { formatCidr, parseCidr } from '../../core/cidr.js';
import type { Evidence } from '../../core/events/finding.js';
import { driverOf } from '../../facts/cni/drivers.js';
import { type InUse, serverSetting } from '../../facts/cni/in-use.js';
import { members } from '../access.js';
import type { RuleContext } from '../rule.js';
import { livingPool, nodeCollisions, rangeOfNodes } from './ranges.js';
import type { Way } from './way.js';

type Limits = Pick<Way, 'conditions' | 'forbidden'>;

/** Whoever has put the former network there must take it away again, and nobody else knows its objects. */
const notOurs = (title: string): Evidence => ({
  fact: 'kubernetes.workloads',
  text: `${title} was not put there by Drover, which therefore does not know all of its objects: delete them as they were made, or ask for that network in spec.network.cni until Drover has taken it over`,
});

/** Services of pods whose network also was their kube-proxy. */
const withoutProxy = (title: string): Evidence => ({
  fact: 'hosts.kubernetes.installs',
  text: `${title} does the work of kube-proxy, and Flannel cannot: bring kube-proxy back first, by spec.network.kubeProxy, as a change of its own`,
});

/**
 * Flannel gives pods addresses out of the ranges that Kubernetes has given to their nodes, wherever the pool of the former
 * network lies. Pure.
 */
export const limitsToFlannel = (context: RuleContext, from: InUse): Limits => {
  const { title, signs } = driverOf(from.driver);
  const cluster = context.facts.kubernetes;
  const text = livingPool(signs.agents, cluster);
  const pool = text === undefined ? undefined : parseCidr(text);
  const nodes = rangeOfNodes(cluster);
  const replaced = serverSetting(members(context), 'disable-kube-proxy', 'false') === 'true';
  return {
    conditions:
      nodes === undefined ? [] : [`pods get addresses out of ${formatCidr(nodes)}, the ranges of the nodes`],
    forbidden: [
      ...(pool === undefined ? [notOurs(title)] : nodeCollisions(pool, title, cluster)),
      ...(replaced ? [withoutProxy(title)] : []),
    ],
  };
};
