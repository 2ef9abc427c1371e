import { stringify } from 'yaml';
import { quantity } from '../../bundle/target/quantity.js';
import { parseDuration } from '../../core/duration.js';
import type { KubeObject } from '../../core/ports/kube.js';
import type { Cluster } from '../../spec/cluster.js';
import { type ObjectSet, objectSet } from '../sets/object-set.js';
import { imageOf } from './images.js';
import { type MonitoringInput, sourcesOf } from './input.js';
import {
  accountOf,
  claimOf,
  configMap,
  metaOf,
  type Part,
  probesOn,
  selectorOf,
  serviceOf,
  templateOf,
  unprivileged,
  unprivilegedPod,
} from './objects.js';
import { ruleFile } from './rule-file.js';
import { scrapeJobs } from './scrape.js';

type Fields = Readonly<Record<string, unknown>>;
type Monitoring = Cluster['spec']['monitoring'];

export const PROMETHEUS = 'prometheus';
export const PROMETHEUS_SET = 'monitoring/prometheus';
export const PROMETHEUS_PORT = 9090;

const CONFIG = '/etc/prometheus';
const DATA = '/prometheus';
/** Files of the ConfigMap. */
const MAIN = 'prometheus.yml';
const RULES = 'rules.yml';

/** What the claim holds and the log of what is not written yet must fit into the disk. */
const SHARE = 0.8;
const LONGEST_SCRAPE_MS = 10_000;

/** The least it needs: what nodes and their pods are, and their figures. */
const MAY: readonly Fields[] = [
  { apiGroups: [''], resources: ['nodes', 'pods'], verbs: ['list', 'watch'] },
  { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
  { nonResourceURLs: ['/metrics'], verbs: ['get'] },
];

/** prometheus.yml. */
export const prometheusConfig = (input: MonitoringInput): string => {
  const { name, spec } = input.cluster;
  const { interval, alerts } = spec.monitoring;
  const timeout = Math.min(parseDuration(interval) ?? LONGEST_SCRAPE_MS, LONGEST_SCRAPE_MS);
  return stringify(
    {
      global: {
        scrape_interval: interval,
        scrape_timeout: `${timeout}ms`,
        evaluation_interval: interval,
        external_labels: { cluster: name },
      },
      rule_files: [`${CONFIG}/${RULES}`],
      ...(alerts.receivers.length === 0
        ? {}
        : { alerting: { alertmanagers: [{ static_configs: [{ targets: alerts.receivers }] }] } }),
      scrape_configs: scrapeJobs(input),
    },
    // The same lists stand in several jobs: written out, not as references to each other.
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
};

const settingsOf = (input: MonitoringInput): Readonly<Record<string, string>> => ({
  [MAIN]: prometheusConfig(input),
  [RULES]: ruleFile(sourcesOf(input), input.cluster.spec.monitoring.alerts),
});

const containerOf = (monitoring: Monitoring): Fields => ({
  name: 'prometheus',
  image: imageOf(monitoring, 'prometheus'),
  args: [
    `--config.file=${CONFIG}/${MAIN}`,
    `--storage.tsdb.path=${DATA}`,
    `--storage.tsdb.retention.time=${monitoring.retention}`,
    `--storage.tsdb.retention.size=${Math.floor((quantity(monitoring.storage) * SHARE) / 2 ** 20)}MB`,
  ],
  ports: [{ name: 'http', containerPort: PROMETHEUS_PORT, protocol: 'TCP' }],
  ...probesOn('/-/ready', '/-/healthy'),
  resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: monitoring.memory } },
  securityContext: unprivileged,
  volumeMounts: [
    { name: 'config', mountPath: CONFIG, readOnly: true },
    { name: 'data', mountPath: DATA },
  ],
});

/** Never two at a time: they would write into one store. */
const workload = (part: Part, monitoring: Monitoring, settings: unknown): KubeObject => {
  const { purpose } = monitoring;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metaOf(part.name, part.namespace),
    spec: {
      replicas: 1,
      strategy: { type: 'Recreate' },
      selector: { matchLabels: selectorOf(part.name) },
      template: templateOf(
        part,
        {
          serviceAccountName: part.name,
          securityContext: unprivilegedPod,
          ...(purpose === undefined ? {} : { nodeSelector: { 'drover.dev/purpose': purpose } }),
          containers: [containerOf(monitoring)],
          volumes: [
            { name: 'config', configMap: { name: part.name } },
            { name: 'data', persistentVolumeClaim: { claimName: part.name } },
          ],
        },
        settings,
      ),
    },
  };
};

/** Prometheus with everything that it looks at and all alerts. */
export const prometheusSet = (input: MonitoringInput): ObjectSet => {
  const { monitoring } = input.cluster.spec;
  const part = { name: PROMETHEUS, namespace: monitoring.namespace };
  const settings = settingsOf(input);
  return objectSet(PROMETHEUS_SET, [
    ...accountOf(part, MAY),
    configMap(part, settings),
    claimOf(part, monitoring),
    serviceOf(part, PROMETHEUS_PORT),
    workload(part, monitoring, settings),
  ]);
};
