import type { Alert, Source } from './alert.js';
import { certificateAlerts } from './certificates.js';
import { clusterAlerts } from './cluster.js';
import { etcdAlerts } from './etcd.js';
import { ownAlerts } from './itself.js';
import { logAlerts } from './logs.js';
import { networkAlerts } from './network.js';
import { nodeAlerts } from './nodes.js';
import { serviceAlerts } from './services.js';
import { storageAlerts } from './storage.js';

/** A group of alerts; Prometheus works out one group after the other rule by rule. */
export interface AlertGroup {
  readonly name: string;
  readonly title: string;
  readonly alerts: readonly Alert[];
}

/** Every alert that Drover knows. */
export const alertGroups: readonly AlertGroup[] = [
  { name: 'etcd', title: 'etcd', alerts: etcdAlerts },
  { name: 'nodes', title: 'Nodes', alerts: nodeAlerts },
  { name: 'cluster', title: 'API and workloads', alerts: clusterAlerts },
  { name: 'certificates', title: 'Certificates', alerts: certificateAlerts },
  { name: 'storage', title: 'Volumes', alerts: storageAlerts },
  { name: 'network', title: 'DNS and ingress', alerts: networkAlerts },
  { name: 'logs', title: 'Logs', alerts: logAlerts },
  { name: 'services', title: 'Services outside the cluster', alerts: serviceAlerts },
  { name: 'monitoring', title: 'Monitoring itself', alerts: ownAlerts },
];

/** The groups with the alerts whose figures a cluster has. */
export const alertsFor = (sources: ReadonlySet<Source>): readonly AlertGroup[] =>
  alertGroups
    .map((group) => ({
      ...group,
      alerts: group.alerts.filter(({ source }) => source === undefined || sources.has(source)),
    }))
    .filter(({ alerts }) => alerts.length > 0);
