import { describe, expect, it } from 'vitest';
import { imageReferences } from '../../../src/lab/build/images/recipes.js';
import { SOURCES } from '../../../src/lab/build/paths.js';
import type { MonitoringInput } from '../../../src/steps/monitoring/input.js';
import { monitoringSets } from '../../../src/steps/monitoring/render.js';
import { deliveriesOf } from '../../../src/steps/secrets/delivery.js';
import { keybuzz, kindOf, named } from '../apps/rig.js';

const REAL: MonitoringInput = { cluster: keybuzz, nodes: [] };
const LAB: MonitoringInput = {
  ...REAL,
  lab: { standIn: 'docker.io/drover/standin:1', vault: 'docker.io/drover/vault:1', absent: [] },
};
const sets = monitoringSets(REAL);

describe('monitoring of the example', () => {
  it('is one set for each part', () => {
    expect(sets.map(({ name }) => name)).toEqual([
      'monitoring/network-policies',
      'monitoring/node-exporter',
      'monitoring/kube-state-metrics',
      'monitoring/postgres-exporter',
      'monitoring/redis-exporter',
      'monitoring/prometheus',
      'monitoring/grafana',
    ]);
  });

  it('gets secrets by reference alone', () => {
    expect(sets.flatMap((set) => kindOf(set, 'Secret'))).toEqual([]);
    expect(deliveriesOf(sets, keybuzz).map(({ name, namespace }) => `${namespace}/${name}`)).toEqual([
      'monitoring/grafana',
      'monitoring/postgres',
      'monitoring/redis',
    ]);
  });

  it('may read what it needs and nothing more, never Secrets', () => {
    const rules = sets
      .flatMap((set) => kindOf(set, 'ClusterRole'))
      .flatMap(({ rules: own }) => own as object[]);
    expect(rules.length).toBeGreaterThan(3);
    for (const { verbs, resources = [] } of rules as { verbs: string[]; resources?: string[] }[]) {
      expect(verbs.filter((verb) => !['get', 'list', 'watch'].includes(verb))).toEqual([]);
      expect(resources).not.toContain('secrets');
      expect(resources).not.toContain('*');
    }
  });

  it('looks at hosts of services that give figures themselves, and reaches others by their exporter', () => {
    const [map] = kindOf(named(sets, 'monitoring/prometheus'), 'ConfigMap');
    const config = (map?.['data'] as Record<string, string>)['prometheus.yml'];
    expect(config).toContain('postgres-exporter.monitoring:9187');
    const rabbits = keybuzz.hosts.filter(({ name }) => name.startsWith('rabbitmq-'));
    for (const { address } of rabbits) expect(config).toContain(`${address}:15692`);
  });

  it('runs in a lab in the versions that the lab compiles; what it has no image of is stood in for or left out', async () => {
    const references = await imageReferences(SOURCES);
    if (!references.ok) throw new Error(references.error.message);
    const images = (input: MonitoringInput): readonly string[] =>
      [...JSON.stringify(monitoringSets(input)).matchAll(/"image":"([^"]+)"/g)].map(
        ([, image = '']) => image,
      );
    const compiled = ['prometheus', 'node-exporter', 'loki', 'otelcol'].map(
      (name) => references.value[name] ?? '',
    );
    const { monitoring } = keybuzz.spec;
    const spec = {
      ...keybuzz.spec,
      monitoring: { ...monitoring, logs: { ...monitoring.logs, enabled: true } },
    };
    const cluster = { ...keybuzz, spec };
    expect(images({ ...REAL, cluster })).toEqual(expect.arrayContaining(compiled));
    expect([...new Set(images({ ...LAB, cluster }))].toSorted()).toEqual(
      [...compiled, 'docker.io/drover/standin:1'].toSorted(),
    );
  });

  it('is nothing where the spec does not enable it', () => {
    const off = { ...keybuzz.spec, monitoring: { ...keybuzz.spec.monitoring, enabled: false } };
    expect(monitoringSets({ ...REAL, cluster: { ...keybuzz, spec: off } })).toEqual([]);
  });
});
