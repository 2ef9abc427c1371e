import type { Cluster } from '../../spec/cluster.js';

type Monitoring = Cluster['spec']['monitoring'];
type ImageName = keyof Monitoring['images'];

/** Some of them the lab compiles in these versions; a test compares them. */
const IMAGES: Readonly<Record<ImageName, string>> = {
  prometheus: 'quay.io/prometheus/prometheus:v3.15.0',
  'node-exporter': 'quay.io/prometheus/node-exporter:v1.12.1',
  'kube-state-metrics': 'registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.20.0',
  grafana: 'docker.io/grafana/grafana:13.2.3',
  loki: 'docker.io/grafana/loki:3.7.8',
  otelcol: 'docker.io/otel/opentelemetry-collector-k8s:0.160.0',
  'postgres-exporter': 'quay.io/prometheuscommunity/postgres-exporter:v0.17.1',
  'redis-exporter': 'docker.io/oliver006/redis_exporter:v1.74.0',
};

export const imageOf = ({ images }: Pick<Monitoring, 'images'>, name: ImageName): string =>
  images[name] ?? IMAGES[name];
