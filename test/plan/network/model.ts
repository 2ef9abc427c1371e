import type { ClusterFacts } from '../../../src/facts/cluster/cluster-facts.js';
import type { StageGoal } from '../../../src/plan/goal.js';
import { phaseOf, recipeInput } from '../../../src/plan/network/recipe-input.js';
import { askedOf, situationOf } from '../../../src/plan/network/situation.js';
import type { NetworkInput } from '../../../src/plan/network/stages.js';
import type { Cluster } from '../../../src/spec/cluster.js';
import { recipes } from '../../../src/steps/cni/recipes.js';
import type { SwitchParams } from '../../../src/steps/cni/switch-state.js';
import type { World } from '../../../src/steps/step.js';
import { clusterOf } from '../../diagnosis/fixtures/cluster.js';
import { install, set, settings } from '../../diagnosis/fixtures/edit.js';
import { healthyFacts } from '../../diagnosis/fixtures/healthy.js';
import { clusterFacts } from '../../support/cluster-facts.js';

export const SHAPE = { hosts: 5, servers: 3 };
const K3S = '/var/lib/rancher/k3s/agent/etc/cni/net.d';
const STANDARD = '/etc/cni/net.d';

/** A cluster somewhere between Flannel and the network of the lab, as far as planning can see it. */
export interface Model {
  /** `flannel-backend` of each server. */
  readonly backends: readonly string[];
  readonly policies: boolean;
  /** The second network has been applied. */
  readonly applied: boolean;
  /** Members whose runtime takes the new configuration, by their place. */
  readonly switched: readonly number[];
}

export const FLANNEL: Model = {
  backends: ['vxlan', 'vxlan', 'vxlan'],
  policies: true,
  applied: false,
  switched: [],
};

const clusterIn = ({ applied, backends }: Model, names: readonly string[]): ClusterFacts =>
  clusterFacts({
    nodes: names.map((name) => ({
      name,
      uid: name,
      version: 'v1.34.2+k3s1',
      labels: {},
      taints: [],
      unschedulable: false,
      owned: { labels: [], taints: [] },
      conditions: [],
      ...(backends[0] === 'none' ? {} : { flannelBackend: backends[0] ?? 'vxlan' }),
    })),
    workloads: applied
      ? [
          {
            kind: 'DaemonSet',
            namespace: 'lab-network',
            name: 'labnet',
            wanted: names.length,
            ready: names.length,
            pool: '10.42.128.0/17',
          },
        ]
      : [],
  });

export const worldIn = (model: Model): World => {
  const facts = healthyFacts(SHAPE);
  const { backends, policies, switched } = model;
  const all = backends.every((each) => each === 'none');
  facts.hosts.forEach(({ name, role }, at) => {
    const backend = backends[at] ?? 'vxlan';
    const off: Record<string, string> = policies ? {} : { 'disable-network-policy': 'true' };
    const values = role === 'server' ? settings({ 'flannel-backend': backend, ...off }) : {};
    install(name, { settings: values })(facts);
    const confDir = (role === 'server' ? backend === 'none' : all) ? STANDARD : K3S;
    const files = [
      ...(confDir === K3S ? [{ path: `${K3S}/10-flannel.conflist`, name: 'cbr0', type: 'flannel' }] : []),
      ...(switched.includes(at) ? [{ path: `${confDir}/05-labnet.conflist`, name: 'labnet' }] : []),
    ];
    const readFrom = [{ runtime: 'k3s', confDir, binDir: '/bin/cni', source: 'config.toml' }];
    set(name, 'cni', { readFrom, files, binaries: [] })(facts);
  });
  const names = facts.hosts.map(({ name }) => name);
  return {
    hosts: new Map(facts.hosts.map((host) => [host.name, host])),
    cluster: clusterIn(model, names),
    sets: new Map(),
  };
};

export const specOf = (network: Record<string, unknown>): Cluster => clusterOf(SHAPE, { network });

/** What planning gets of a cluster, with the asked network rendered as the app does it. */
export const inputOf = (cluster: Cluster, world: World): NetworkInput => {
  const asked = askedOf(cluster);
  const recipe = asked === undefined ? undefined : recipes[asked.driver];
  const situation = situationOf(cluster, world);
  const phase = phaseOf(cluster, world, situation);
  const made =
    asked === undefined || recipe === undefined
      ? undefined
      : recipe.set(recipeInput(cluster, world, { asked, situation, phase }), []);
  const binary = {
    version: 'v1.36.4+k3s1',
    arch: 'amd64',
    sha256: 'b'.repeat(64),
    sampled: null,
    source: { kind: 'built', path: '/k3s' },
  } as never;
  return {
    cluster,
    world,
    build: { binary, archives: [], founding: { kind: 'joins', through: cluster.hosts[0]?.name ?? '' } },
    ...(made === undefined ? {} : { set: made }),
  };
};

/** What the goals of one stage make of the model, as their steps would. */
export const applied = (model: Model, stage: StageGoal, cluster: Cluster): Model =>
  stage.goals.reduce((now, { step, params }): Model => {
    if (step.id === 'k3s.network') {
      const { backend, policies } = params as { backend: string; policies: boolean };
      return { ...now, backends: now.backends.map(() => backend), policies };
    }
    if (step.id === 'sets.apply') return { ...now, applied: true };
    if (step.id === 'cni.stage-conf') return now;
    if (step.id !== 'cni.switch') return now;
    const at = cluster.hosts.findIndex(({ name }) => name === (params as SwitchParams).node);
    return { ...now, switched: [...new Set([...now.switched, at])] };
  }, model);
