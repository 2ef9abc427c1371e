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
  /** Members that have the configuration of the lab’s network where runtimes look without Flannel. */
  readonly standard?: readonly number[];
  /** Members that have it where K3s with Flannel looks, too. */
  readonly staged?: readonly number[];
  /** Members that have moved back to Flannel. */
  readonly back?: readonly number[];
}

/** All pods have the lab’s network, and K3s has let go. */
export const LABNET: Model = {
  backends: ['none', 'none', 'none'],
  policies: false,
  applied: true,
  switched: [],
  standard: [0, 1, 2, 3, 4],
};

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
      podRange: `10.42.${names.indexOf(name)}.0/24`,
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
  const { backends, policies, switched, standard = [], staged = [], back = [] } = model;
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
      ...(standard.includes(at) ? [{ path: `${STANDARD}/05-labnet.conflist`, name: 'labnet' }] : []),
      ...(staged.includes(at) ? [{ path: `${K3S}/05-labnet.conflist`, name: 'labnet' }] : []),
      ...(back.includes(at) ? [{ path: `${K3S}/00-flannel.conflist`, name: 'cbr0', type: 'flannel' }] : []),
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

const placeOf = (cluster: Cluster, host = ''): number => cluster.hosts.findIndex(({ name }) => name === host);
const withPlace = (places: readonly number[] = [], at: number): readonly number[] => [
  ...new Set([...places, at]),
];
const without = (places: readonly number[] = [], at: number): readonly number[] =>
  places.filter((each) => each !== at);

/** What the goals of one stage make of the model, as their steps would. */
export const applied = (model: Model, stage: StageGoal, cluster: Cluster): Model =>
  stage.goals.reduce((now, { step, params, host }): Model => {
    const at = placeOf(cluster, host);
    if (step.id === 'k3s.network') {
      const { backend, policies } = params as { backend: string; policies: boolean };
      return { ...now, backends: now.backends.map(() => backend), policies };
    }
    if (step.id === 'sets.apply') return { ...now, applied: (params as { objects: number }).objects > 0 };
    if (step.id === 'cni.stage-conf' && (params as { confDir: string }).confDir === K3S)
      return { ...now, staged: withPlace(now.staged, at) };
    if (step.id === 'cni.drop-conf')
      return (params as { paths: readonly string[] }).paths.reduce<Model>((then, path) => {
        if (path.endsWith('00-flannel.conflist')) return { ...then, back: without(then.back, at) };
        if (path.startsWith(STANDARD)) return { ...then, standard: without(then.standard, at) };
        return { ...then, staged: without(then.staged, at) };
      }, now);
    if (step.id === 'cni.clean' && (params as { only?: string }).only === undefined)
      return { ...now, standard: without(now.standard, at) };
    if (step.id !== 'cni.switch') return now;
    return (params as SwitchParams).driver === 'flannel-k3s'
      ? { ...now, back: withPlace(now.back, at) }
      : { ...now, switched: withPlace(now.switched, at) };
  }, model);
