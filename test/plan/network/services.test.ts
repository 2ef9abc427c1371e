import { describe, expect, it } from 'vitest';
import type { StageGoal } from '../../../src/plan/goal.js';
import { levels } from '../../../src/plan/graph.js';
import { phaseOf, recipeInput } from '../../../src/plan/network/recipe-input.js';
import { askedOf, situationOf } from '../../../src/plan/network/situation.js';
import { laterNetworkStages, networkStages } from '../../../src/plan/network/stages.js';
import type { Cluster } from '../../../src/spec/cluster.js';
import { k3sNetwork } from '../../../src/steps/k3s/network.js';
import type { World } from '../../../src/steps/step.js';
import { healthyFacts } from '../../diagnosis/fixtures/healthy.js';
import { ownNetwork } from '../../diagnosis/fixtures/own-network.js';
import { FLANNEL, inputOf, SHAPE, specOf, worldIn } from './model.js';

/** Cilium alone, with kube-proxy on or off. */
const worldOf = (proxy: boolean): World => {
  const facts = healthyFacts(SHAPE);
  const edit = ownNetwork({
    agents: 'kube-system/cilium',
    conf: '05-cilium.conflist',
    carriage: 'tunnel',
    devices: ['cilium_vxlan', 'cilium_host'],
    server: proxy ? {} : { 'disable-kube-proxy': 'true' },
  });
  edit(facts);
  return {
    hosts: new Map(facts.hosts.map((host) => [host.name, host])),
    cluster: edit.cluster,
    sets: new Map(),
  };
};

const CILIUM = { name: 'cilium', mode: 'tunnel' };
const REPLACED = specOf({ cni: CILIUM, kubeProxy: 'replaced' });
const PROXIED = specOf({ cni: CILIUM });

const stages = (cluster: Cluster, world: World): readonly StageGoal[] =>
  networkStages(inputOf(cluster, world));
const waves = (stage: StageGoal | undefined): readonly (readonly string[])[] =>
  levels(stage?.goals ?? []).map((wave) => [...new Set(wave.map(({ step }) => step.id))]);

const replaces = (cluster: Cluster, world: World): boolean | undefined => {
  const situation = situationOf(cluster, world);
  const asked = askedOf(cluster);
  if (asked === undefined) throw new Error('nothing is asked');
  const phase = phaseOf(cluster, world, situation);
  return recipeInput(cluster, world, { asked, situation, phase }).replacesKubeProxy;
};

describe('who programs Services', () => {
  it('stays who it is when that is asked', () => {
    expect(stages(PROXIED, worldOf(true))).toEqual([]);
    expect(stages(REPLACED, worldOf(false))).toEqual([]);
  });

  it('is proven, taught, switched off, cleaned and proven again, in this order', () => {
    const [stage, ...more] = stages(REPLACED, worldOf(true));
    expect(more).toEqual([]);
    expect(stage?.name).toBe('services');
    expect(waves(stage)).toEqual([
      ['services.prove'],
      ['sets.apply'],
      ['cni.up'],
      ['k3s.network'],
      ['services.clean'],
      ['services.prove'],
    ]);
    expect(new Set(stage?.goals.map(({ id }) => id)).size).toBe(stage?.goals.length);
    expect(replaces(REPLACED, worldOf(true))).toBe(true);
    const k3s = stage?.goals.find(({ step }) => step.id === 'k3s.network');
    expect(k3sNetwork.title(k3s?.params as never)).toMatch(/^Let K3s run without kube-proxy: .* at once/);
  });

  it('tells what it breaks', () => {
    const [stage] = stages(REPLACED, worldOf(true));
    const set = stage?.goals.find(({ step }) => step.id === 'sets.apply');
    expect(set?.expected?.interruption).toContain('connections to Services that exist may break');
  });

  it('goes back the other way round: kube-proxy is there before the network forgets Services', () => {
    const [stage] = stages(PROXIED, worldOf(false));
    expect(waves(stage)).toEqual([['k3s.network'], ['sets.apply'], ['cni.up'], ['services.prove']]);
    expect(replaces(PROXIED, worldOf(false))).toBe(false);
  });

  it('is a later stage of a change to such a network, and none of it begins before', () => {
    const asked = specOf({ cni: { ...CILIUM, port: 8473 }, kubeProxy: 'replaced' });
    const all = stages(asked, worldIn(FLANNEL));
    expect(all.map(({ name }) => name)).toEqual(['prepare', 'nodes', 'hand over', 'residue', 'services']);
    expect(all.at(-1)).toMatchObject({ goals: [], envelope: { irreversible: false } });
    expect(all.at(-1)?.envelope?.steps).toContain('services.clean');
    expect(replaces(asked, worldIn(FLANNEL))).toBe(false);
    const later = laterNetworkStages(inputOf(asked, worldOf(true))).find(({ name }) => name === 'services');
    expect(later?.goals.map(({ step }) => step.id)).toContain('services.prove');
  });
});
