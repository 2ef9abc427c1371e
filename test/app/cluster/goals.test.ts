import { describe, expect, it } from 'vitest';
import { clusterGoals } from '../../../src/app/cluster/goals.js';
import { assemble } from '../../../src/plan/assemble.js';
import type { K3sBinary } from '../../../src/plan/k3s-goals.js';
import type { Action } from '../../../src/plan/model.js';
import type { World } from '../../../src/steps/step.js';
import { clusterOf } from '../../diagnosis/fixtures/cluster.js';
import { healthyFacts } from '../../diagnosis/fixtures/healthy.js';

const SHAPE = { hosts: 3, servers: 1 };
const BINARY: K3sBinary = {
  version: 'v1.36.4+k3s1',
  arch: 'amd64',
  sha256: 'a'.repeat(64),
  sampled: null,
  source: { kind: 'url', url: 'https://mirror.example/k3s' },
};
const cluster = clusterOf(SHAPE);
const worldOf = (artifacts: readonly string[]): World => ({
  hosts: new Map(healthyFacts(SHAPE).hosts.map((host) => [host.name, host])),
  operator: {
    artifacts,
    secrets: [],
    kubeconfig: { path: '/home/me/.kube/config', context: null, current: null },
  },
});

const actionsOf = (world: World, binary: K3sBinary = BINARY): readonly Action[] => {
  const stages = clusterGoals(cluster, world, { binary, archives: [] });
  if (!stages.ok) throw new Error(JSON.stringify(stages.error));
  const plan = assemble({
    tool: '0',
    realm: 'real',
    cluster: { name: cluster.name },
    createdAt: '2026-01-01T00:00:00.000Z',
    specHash: cluster.hash,
    world,
    stages: stages.value,
    notManaged: [],
    ignored: [],
  });
  return plan.stages.flatMap(({ actions }) => actions);
};
const of = (actions: readonly Action[], step: string): readonly Action[] =>
  actions.filter((action) => action.step === step);

describe('the plan of a build', () => {
  it('fetches K3s once, before any host gets it', () => {
    const actions = actionsOf(worldOf([]));
    const [fetch, ...more] = of(actions, 'operator.fetch');
    expect([fetch?.scope, fetch?.hosts, more]).toEqual(['operator', [], []]);
    const installs = of(actions, 'k3s.binary');
    expect(installs).toHaveLength(SHAPE.hosts);
    expect(installs.every(({ after }) => after.includes(fetch?.id ?? ''))).toBe(true);
  });

  it('fetches nothing that is kept already, or was built here', () => {
    expect(of(actionsOf(worldOf([BINARY.sha256])), 'operator.fetch')).toEqual([]);
    const built: K3sBinary = { ...BINARY, sampled: 'sampled:a', source: { kind: 'built', path: '/k3s' } };
    expect(of(actionsOf(worldOf([]), built), 'operator.fetch')).toEqual([]);
  });

  it('ends with add-ons and the kubeconfig, once the servers run', () => {
    const actions = actionsOf(worldOf([]));
    const started = of(actions, 'k3s.server').map(({ id }) => id);
    for (const step of ['k3s.addons', 'operator.kubeconfig'])
      expect(of(actions, step).map(({ after }) => after)).toEqual([started]);
    // Nothing is encrypted, so there is no key to keep.
    expect(of(actions, 'k3s.keep-key')).toEqual([]);
  });

  it('is refused where a host’s own settings contradict the spec, all of them at once', () => {
    const world = worldOf([]);
    const hosts = [...world.hosts].map(([name, facts]) => {
      const own = [{ key: 'token', value: 'hmac:1', origin: '/etc/rancher/k3s/config.yaml:1', from: 'file' }];
      const value = { installs: [], certificates: [], remains: [], own };
      return [
        name,
        { ...facts, sections: { ...facts.sections, kubernetes: { ...facts.sections.kubernetes, value } } },
      ];
    });
    const refused = clusterGoals(
      cluster,
      { ...world, hosts: new Map(hosts as never) },
      { binary: BINARY, archives: [] },
    );
    expect(refused).toMatchObject({ ok: false, error: { code: 'plan-own-settings' } });
    expect(refused.ok ? [] : refused.error.cause?.split('\n')).toHaveLength(SHAPE.hosts);
  });
});
