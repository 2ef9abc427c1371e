import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { KubeObject } from '../../../src/core/ports/kube.js';
import { streamRate } from '../../../src/steps/monitoring/logs/loki-config.js';
import { networkPolicySet } from '../../../src/steps/monitoring/network-policy.js';
import { monitoringSets } from '../../../src/steps/monitoring/render.js';
import { inputOf, kindOf, named } from '../apps/rig.js';

const input = inputOf({
  monitoring: {
    enabled: true,
    purpose: 'observability',
    logs: { enabled: true, retention: '2w', storage: '50Gi', storageClass: 'fast' },
  },
});
const sets = monitoringSets(input);
const loki = named(sets, 'monitoring/loki');
const collector = named(sets, 'monitoring/otelcol');

const textOf = (objects: readonly KubeObject[], file: string): string => {
  const [map] = objects;
  return (map?.['data'] as Record<string, string>)[file] ?? '';
};
const configOf = (set: typeof loki) => parse(textOf(kindOf(set, 'ConfigMap'), 'config.yaml')) as Fields;

interface Fields {
  readonly [key: string]: Fields;
}

interface PodSpec {
  readonly automountServiceAccountToken: boolean;
  readonly securityContext: object;
  readonly nodeSelector: object;
  readonly containers: readonly {
    readonly securityContext: object;
    readonly volumeMounts: readonly object[];
  }[];
  readonly volumes: readonly object[];
}
const podOf = (set: typeof loki, kind: string): PodSpec => {
  const [workload] = kindOf(set, kind);
  return (workload?.['spec'] as { readonly template: { readonly spec: PodSpec } }).template.spec;
};

describe('Loki', () => {
  it('keeps lines as long as the spec says, on a disk of its own', () => {
    const config = configOf(loki);
    expect(config['limits_config']).toMatchObject({
      retention_period: '2w',
      reject_old_samples_max_age: '2w',
    });
    expect(config['compactor']).toMatchObject({
      retention_enabled: true,
      delete_request_store: 'filesystem',
    });
    expect(config['schema_config']).toMatchObject({
      configs: [{ store: 'tsdb', schema: 'v13', object_store: 'filesystem' }],
    });
    const [claim] = kindOf(loki, 'PersistentVolumeClaim');
    expect(claim?.['spec']).toMatchObject({
      storageClassName: 'fast',
      resources: { requests: { storage: '50Gi' } },
    });
  });

  it('finds lines by four labels, whose values do not grow with requests or restarts', () => {
    const labels = ['namespace', 'pod', 'container', 'node'];
    expect(configOf(loki)['limits_config']?.['otlp_config']).toEqual({
      resource_attributes: {
        ignore_defaults: true,
        attributes_config: [{ action: 'index_label', attributes: labels }],
      },
    });
  });

  it('slows one container down so that it alone never fills half of the disk, and lets it burst', () => {
    const logs = { ...input.cluster.spec.monitoring.logs, storage: '20Gi', retention: '7d' };
    const week = 7 * 24 * 3600;
    expect(streamRate(logs) * week).toBeLessThan(20 * 2 ** 30 * 5 * 0.5);
    expect(streamRate(logs)).toBe(71_014);
    expect(streamRate({ ...logs, storage: '10Mi' })).toBe(16 * 1024);
    expect(configOf(loki)['limits_config']).toMatchObject({ per_stream_rate_limit: '88768B' });
  });

  it('is nobody, without rights in the cluster, on the hosts for it', () => {
    const pod = podOf(loki, 'StatefulSet');
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      nodeSelector: { 'drover.dev/purpose': 'observability' },
      securityContext: { runAsNonRoot: true },
    });
  });
});

describe('the collector', () => {
  it('reads files as root without root’s other powers, and writes in one folder of the host alone', () => {
    const pod = podOf(collector, 'DaemonSet');
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsUser: 0, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        },
      ],
    });
    const writes = pod.containers[0]?.volumeMounts.filter((mount) => !('readOnly' in mount));
    expect(writes).toEqual([{ name: 'kept', mountPath: '/var/lib/otelcol' }]);
  });

  it('reads every pod’s files but its own, keeps on the host how far, and what Loki has not taken', () => {
    const { receivers, exporters } = configOf(collector);
    expect(receivers?.['file_log']).toMatchObject({
      include: ['/var/log/pods/*/*/*.log'],
      exclude: ['/var/log/pods/monitoring_otelcol-*/*/*.log'],
      storage: 'file_storage',
    });
    expect(exporters?.['otlp_http']).toMatchObject({
      logs_endpoint: 'http://loki.monitoring:3100/otlp/v1/logs',
      sending_queue: { storage: 'file_storage', block_on_overflow: true },
    });
  });

  it('asks for a burst that its largest request fits into', () => {
    const largest = 100 * 64 * 1024;
    expect(configOf(loki)['limits_config']).toMatchObject({ per_stream_rate_limit_burst: '16MB' });
    expect(largest).toBeLessThan(16e6);
  });
});

describe('what else changes with logs', () => {
  it('is nothing where they are off', () => {
    const off = monitoringSets(inputOf({ monitoring: { enabled: true } }));
    expect(JSON.stringify(off)).not.toMatch(/loki|otelcol/i);
  });

  it('is Grafana’s source and dashboard, what Prometheus looks at, and alerts', () => {
    const grafana = named(sets, 'monitoring/grafana');
    const [provisioning, dashboards] = ['grafana-provisioning', 'grafana-dashboards'].map((name) =>
      kindOf(grafana, 'ConfigMap').filter(({ metadata }) => metadata.name === name),
    );
    expect(textOf(provisioning ?? [], 'datasource.yaml')).toContain('url: http://loki.monitoring:3100');
    expect(textOf(dashboards ?? [], 'drover-logs.json')).toContain('"uid":"drover-loki"');
    const prometheus = kindOf(named(sets, 'monitoring/prometheus'), 'ConfigMap');
    expect(textOf(prometheus, 'prometheus.yml')).toMatch(/job_name: loki\n[\s\S]*job_name: otelcol\n/);
    expect(textOf(prometheus, 'rules.yml')).toContain('alert: LogsHeldBack');
  });

  it('is who may ask Loki: the collectors, Grafana, Prometheus and nodes', () => {
    const [policy] = networkPolicySet(input).objects.filter(({ metadata }) => metadata.name === 'loki');
    const { ingress } = policy?.['spec'] as {
      readonly ingress: readonly { readonly from: readonly object[] }[];
    };
    const from = JSON.stringify(ingress.flatMap((rule) => rule.from));
    for (const part of ['otelcol', 'grafana', 'prometheus', '10.0.0.0/16']) expect(from).toContain(part);
  });
});
