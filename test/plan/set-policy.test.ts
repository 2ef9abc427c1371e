import { describe, expect, it } from 'vitest';
import { judgeSets } from '../../src/plan/set-policy.js';
import { applicationSets } from '../../src/steps/apps/render.js';
import { objectSet } from '../../src/steps/sets/object-set.js';
import { load } from '../spec/rig.js';

const spec = (exceptions: string, mode = 'enforce'): string => `apiVersion: drover/v1
kind: Cluster
metadata: { name: shop }
spec:
  hosts: [{ name: server-1, address: 10.0.0.11, role: server }]
  network: { nodes: 10.0.0.0/24 }
  addons:
    charts:
      - { name: queue, namespace: queue, repository: 'https://charts.example', chart: queue, version: 1.0.0 }
  applications:
    - name: web
      namespace: shop
      image: registry.example/web:latest
      args: ['--db=10.0.0.7']
      env:
        MODE: fast
        DATABASE: postgres://10.0.0.9/app
  policy:
    rules:
      no-latest-images: ${mode}
      no-hard-coded-addresses: ${mode}
      no-stateful-services: ${mode}
      require-probes: ${mode}
      require-limits: ${mode}
    exceptions: ${exceptions}
`;

const verdicts = async (text: string, today = '2026-11-21') => {
  const loaded = await load(text, { today });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  const nodes = [{ name: 'server-1', podRange: '10.42.0.0/24' }];
  const chart = objectSet('chart/queue/queue', [
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'queue', namespace: 'queue' },
      spec: {
        template: {
          spec: {
            containers: [
              {
                name: 'queue',
                image: 'rabbitmq:4.0',
                readinessProbe: {},
                livenessProbe: {},
                resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { memory: '1Gi' } },
              },
            ],
          },
        },
      },
    },
  ]);
  const cluster = loaded.value;
  return judgeSets(cluster, [...applicationSets({ cluster, nodes }), chart], today);
};

const shown = (errors: Awaited<ReturnType<typeof verdicts>>['errors']): readonly string[] =>
  errors.map(
    ({ message, location }) => `${location?.line ?? 0}: ${location?.text?.trim() ?? ''} <- ${message}`,
  );

describe('the policy of a plan', () => {
  it('refuses what it enforces, each at the line of the spec that it comes from', async () => {
    const { errors, warnings } = await verdicts(spec('[]'));
    expect(warnings).toEqual([]);
    expect(errors.every(({ code }) => code === 'plan-policy')).toBe(true);
    expect(shown(errors)).toMatchSnapshot();
    expect(errors[0]).toMatchSnapshot();
  });

  it('only warns where rules warn', async () => {
    const { errors, warnings } = await verdicts(spec('[]', 'warn'));
    expect([errors.length, warnings.length]).toEqual([0, 6]);
  });

  const until = (day: string): string =>
    spec(`[{ rule: no-latest-images, reason: a release comes next week, until: ${day} }]`);
  const rules = (errors: Awaited<ReturnType<typeof verdicts>>['errors']) => errors.map(({ label }) => label);

  it('accepts what an exception names, until its last day and no longer', async () => {
    expect(rules((await verdicts(until('2026-11-21'))).errors)).not.toContain('no-latest-images');
    expect(rules((await verdicts(until('2026-11-20'))).errors)).toContain('no-latest-images');
  });

  it('does not judge a cluster network: its agents have to be on the network of every host', async () => {
    const loaded = await load(spec('[]'), { today: '2026-11-21' });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
    const agent = {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'agent', namespace: 'network' },
      spec: { template: { spec: { hostNetwork: true, containers: [{ name: 'agent', image: 'agent:1' }] } } },
    };
    const judged = (name: string) => judgeSets(loaded.value, [objectSet(name, [agent])], '2026-11-21');
    expect(judged('network/calico')).toEqual({ errors: [], warnings: [] });
    expect(judged('chart/queue/queue').errors).not.toEqual([]);
  });
});
