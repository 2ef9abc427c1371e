import type { Cluster } from '../../spec/cluster.js';
import type { Source } from './alerts/alert.js';
import { exporterName, exporterPort, hasExporter } from './exporters.js';
import { type MonitoringInput, sourcesOf, type Watched, watchedServices } from './input.js';

type Fields = Readonly<Record<string, unknown>>;

/** One kind of thing that gives figures. */
interface Job extends Fields {
  readonly job_name: string;
}

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
const ROLE = '__meta_kubernetes_node_labelpresent_node_role_kubernetes_io_';

const keep = (label: string, regex: string): Fields => ({ source_labels: [label], regex, action: 'keep' });
const label = (target: string, from: string): Fields => ({ source_labels: [from], target_label: target });
const onPort = (port: number): Fields => ({
  source_labels: ['__address__'],
  regex: '(.+?)(?::\\d+)?',
  replacement: `$1:${port}`,
  target_label: '__address__',
});
const keepMetrics = (regex: string): Fields => keep('__name__', regex);
const dropMetrics = (regex: string): Fields => ({ source_labels: ['__name__'], regex, action: 'drop' });

const bySd = (role: 'node' | 'pod', namespace?: string): Fields => ({
  kubernetes_sd_configs: [
    { role, ...(namespace === undefined ? {} : { namespaces: { names: [namespace] } }) },
  ],
});

const nodeName = label('node', '__meta_kubernetes_node_name');
const podNode = label('node', '__meta_kubernetes_pod_node_name');

/**
 * Certificates of K3s' kubelets and servers are signed by the authority that pods know. Kubespray's kubelets sign their own.
 */
const secured = ({ spec }: Cluster): Fields => ({
  scheme: 'https',
  authorization: { credentials_file: `${ACCOUNT}/token` },
  tls_config: {
    ca_file: `${ACCOUNT}/ca.crt`,
    ...(spec.distribution.kind === 'k3s' ? {} : { insecure_skip_verify: true }),
  },
});

/** Histograms with thousands of series that no alert and no picture needs. */
const HEAVY =
  'apiserver_(request_sli|request_body|response|watch|flowcontrol|storage_list|admission|cel|webhooks).*_bucket|etcd_request_duration_seconds_bucket|workqueue_.*_bucket|.*_tls_handshake.*';

const onNodes = (cluster: Cluster): readonly Job[] => [
  {
    job_name: 'apiserver',
    ...bySd('node'),
    ...secured(cluster),
    relabel_configs: [keep(`${ROLE}control_plane`, 'true'), onPort(cluster.spec.api.port), nodeName],
    metric_relabel_configs: [dropMetrics(HEAVY)],
  },
  {
    job_name: 'kubelet',
    ...bySd('node'),
    ...secured(cluster),
    relabel_configs: [nodeName],
    // In K3s one program is everything: a server's kubelet gives the API's figures once more.
    metric_relabel_configs: [
      keepMetrics('kubelet_.*|kubernetes_build_info|process_.*|storage_operation_.*|volume_manager_.*'),
      dropMetrics('kubelet_(http|cgroup|pod_worker|pleg|runtime_operations)_.*_bucket'),
    ],
  },
  {
    job_name: 'cadvisor',
    ...bySd('node'),
    ...secured(cluster),
    metrics_path: '/metrics/cadvisor',
    relabel_configs: [nodeName],
    metric_relabel_configs: [
      keepMetrics(
        'container_(cpu_usage_seconds_total|cpu_cfs_throttled_periods_total|cpu_cfs_periods_total|memory_working_set_bytes|network_(receive|transmit)_bytes_total|fs_usage_bytes|oom_events_total|start_time_seconds)|machine_.*',
      ),
      { source_labels: ['id'], regex: '/(system|user)\\.slice.*', action: 'drop' },
    ],
  },
];

/** K3s shows etcd's figures on servers' own addresses when it is told to; Drover tells it. */
const etcd: Job = {
  job_name: 'etcd',
  ...bySd('node'),
  relabel_configs: [keep(`${ROLE}etcd`, 'true'), onPort(2381), nodeName],
};

const ingressNamespace = (controller: string): string =>
  controller === 'nginx' ? 'ingress-nginx' : controller;

const inPods = ({ spec }: Cluster, sources: ReadonlySet<Source>, standIn: boolean): readonly Job[] => [
  {
    job_name: 'coredns',
    ...bySd('pod', 'kube-system'),
    relabel_configs: [
      keep('__meta_kubernetes_pod_label_k8s_app', 'kube-dns'),
      keep('__meta_kubernetes_pod_container_port_number', '9153'),
      podNode,
    ],
  },
  ...(sources.has('ingress')
    ? [
        {
          job_name: 'ingress',
          ...bySd('pod', ingressNamespace(standIn ? 'traefik' : spec.ingress.controller)),
          relabel_configs: [
            keep('__meta_kubernetes_pod_container_port_number', `${spec.ingress.ports.health}`),
            podNode,
          ],
        },
      ]
    : []),
  {
    job_name: 'node-exporter',
    ...bySd('pod', spec.monitoring.namespace),
    relabel_configs: [keep('__meta_kubernetes_pod_label_app_kubernetes_io_name', 'node-exporter'), podNode],
  },
  ...(sources.has('state')
    ? [
        {
          job_name: 'kube-state-metrics',
          honor_labels: true,
          ...bySd('pod', spec.monitoring.namespace),
          relabel_configs: [
            keep('__meta_kubernetes_pod_label_app_kubernetes_io_name', 'kube-state-metrics'),
            keep('__meta_kubernetes_pod_container_port_name', 'http'),
          ],
        },
      ]
    : []),
];

/** Loki counts much that nobody looks at. */
const LOKI_FIGURES =
  'loki_(ingester_chunks_flush_failures|ingester_wal_disk_full_failures|discarded_samples|distributor_(lines|bytes)_received)_total|loki_ingester_memory_streams|process_.*';

const logJobs = (namespace: string): readonly Job[] => [
  {
    job_name: 'loki',
    ...bySd('pod', namespace),
    relabel_configs: [keep('__meta_kubernetes_pod_label_app_kubernetes_io_name', 'loki'), podNode],
    metric_relabel_configs: [keepMetrics(LOKI_FIGURES)],
  },
  {
    job_name: 'otelcol',
    ...bySd('pod', namespace),
    relabel_configs: [
      keep('__meta_kubernetes_pod_label_app_kubernetes_io_name', 'otelcol'),
      keep('__meta_kubernetes_pod_container_port_name', 'metrics'),
      podNode,
    ],
    metric_relabel_configs: [keepMetrics('otelcol_(exporter|receiver|process)_.*'), dropMetrics('.*_bucket')],
  },
];

/** Pods that say themselves where their figures are. */
const annotated: Job = {
  job_name: 'pods',
  ...bySd('pod'),
  relabel_configs: [
    keep('__meta_kubernetes_pod_annotation_prometheus_io_scrape', 'true'),
    { source_labels: ['__meta_kubernetes_pod_phase'], regex: 'Pending|Succeeded|Failed', action: 'drop' },
    {
      source_labels: ['__meta_kubernetes_pod_annotation_prometheus_io_scheme'],
      regex: '(https?)',
      target_label: '__scheme__',
    },
    {
      source_labels: ['__meta_kubernetes_pod_annotation_prometheus_io_path'],
      regex: '(.+)',
      target_label: '__metrics_path__',
    },
    {
      source_labels: ['__meta_kubernetes_pod_ip', '__meta_kubernetes_pod_annotation_prometheus_io_port'],
      regex: '([0-9.]+);(\\d+)',
      replacement: '$1:$2',
      target_label: '__address__',
    },
    label('namespace', '__meta_kubernetes_namespace'),
    label('pod', '__meta_kubernetes_pod_name'),
    podNode,
  ],
};

const RABBITMQ = 15_692;

const hostsOf = (cluster: Cluster, { service, exporter }: Watched): readonly string[] => {
  const port = exporter.port ?? (exporter.kind === 'rabbitmq' ? RABBITMQ : service.port);
  return cluster.hosts
    .filter(({ name }) => service.hosts.includes(name))
    .map(({ address }) => `${address}:${port}`);
};

const targetsOf = (cluster: Cluster, watched: Watched): readonly string[] =>
  hasExporter(watched.exporter)
    ? [
        `${exporterName(watched.exporter)}.${cluster.spec.monitoring.namespace}:${exporterPort(watched.exporter)}`,
      ]
    : hostsOf(cluster, watched);

/** Services outside: by the exporter that logs in, or on their own hosts. */
const outside = (cluster: Cluster, sources: ReadonlySet<Source>): readonly Job[] => {
  const all = watchedServices(cluster);
  const kinds = new Set(all.map(({ exporter }) => exporter.kind));
  return [...kinds]
    .filter((kind) => sources.has(kind))
    .map((kind) => ({
      job_name: kind,
      ...(kind === 'minio' ? { metrics_path: '/minio/v2/metrics/cluster' } : {}),
      static_configs: all
        .filter(({ exporter }) => exporter.kind === kind)
        .map((each) => ({ targets: targetsOf(cluster, each), labels: { service: each.service.name } })),
    }));
};

/** Everything that Prometheus looks at. */
export const scrapeJobs = (input: MonitoringInput): readonly Job[] => {
  const { cluster, lab } = input;
  const sources = sourcesOf(input);
  return [
    { job_name: 'prometheus', static_configs: [{ targets: ['localhost:9090'] }] },
    ...onNodes(cluster),
    ...(sources.has('etcd') ? [etcd] : []),
    ...inPods(cluster, sources, lab !== undefined),
    ...(sources.has('logs') ? logJobs(cluster.spec.monitoring.namespace) : []),
    ...outside(cluster, sources),
    annotated,
  ];
};
