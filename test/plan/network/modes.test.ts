import { describe, expect, it } from 'vitest';
import type { StageGoal } from '../../../src/plan/goal.js';
import { levels } from '../../../src/plan/graph.js';
import { chosenWay } from '../../../src/plan/network/chosen.js';
import { phaseOf, recipeInput } from '../../../src/plan/network/recipe-input.js';
import { askedOf, situationOf } from '../../../src/plan/network/situation.js';
import { laterNetworkStages, networkStages } from '../../../src/plan/network/stages.js';
import type { RecipeInput } from '../../../src/steps/cni/recipe.js';
import type { World } from '../../../src/steps/step.js';
import { healthyFacts } from '../../diagnosis/fixtures/healthy.js';
import { type OwnNetwork, ownNetwork } from '../../diagnosis/fixtures/own-network.js';
import { inputOf, SHAPE, specOf } from './model.js';

const CALICO: OwnNetwork = { agents: 'kube-system/calico-node', conf: '05-calico.conflist' };
const CILIUM: OwnNetwork = { agents: 'kube-system/cilium', conf: '05-cilium.conflist' };
const FLANNEL: OwnNetwork = {
  agents: 'kube-flannel/kube-flannel-ds',
  conf: '00-flannel.conflist',
  carriage: 'vxlan',
  devices: ['flannel.1'],
};

const worldOf = (own: OwnNetwork): World => {
  const facts = healthyFacts(SHAPE);
  const edit = ownNetwork(own);
  edit(facts);
  return {
    hosts: new Map(facts.hosts.map((host) => [host.name, host])),
    cluster: edit.cluster,
    sets: new Map(),
  };
};

const calico = (mode: string, options: object = {}) => ({
  cni: { name: 'calico', mode, version: 'v3.31.7', options },
});
const cilium = (mode: string, options: object = {}) => ({ cni: { name: 'cilium', mode, options } });

const stagesOf = (network: Record<string, unknown>, own: OwnNetwork): readonly StageGoal[] =>
  networkStages(inputOf(specOf(network), worldOf(own)));

const names = (stages: readonly StageGoal[]): readonly string[] => stages.map(({ name }) => name);

/** What the agents are told in the phase that comes now. */
const told = (network: Record<string, unknown>, own: OwnNetwork): RecipeInput => {
  const [cluster, world] = [specOf(network), worldOf(own)];
  const situation = situationOf(cluster, world);
  const asked = askedOf(cluster);
  if (asked === undefined) throw new Error('nothing is asked');
  return recipeInput(cluster, world, { asked, situation, phase: phaseOf(cluster, world, situation) });
};

describe('another mode of a network that runs', () => {
  it('is none where agents are told so already, whatever devices say', () => {
    expect(stagesOf(calico('vxlan'), { ...CALICO, carriage: 'vxlan', devices: ['vxlan.calico'] })).toEqual(
      [],
    );
    expect(stagesOf(calico('vxlan'), { ...CALICO, carriage: 'vxlan' })).toEqual([]);
  });

  it('Calico: both tunnels first, then the pools, then the former tunnel goes; watched from first to last', () => {
    const stages = stagesOf(calico('ipip'), { ...CALICO, carriage: 'vxlan', devices: ['vxlan.calico'] });
    expect(names(stages)).toEqual(['both tunnels', 'turn', 'settle', 'residue']);
    const [both, ...later] = stages;
    expect(levels(both?.goals ?? []).map((wave) => wave.map(({ step }) => step.id))).toEqual([
      ['cni.save'],
      ['sets.apply'],
      ['cni.up'],
    ]);
    expect(later.map(({ goals, envelope }) => [goals.length, envelope?.irreversible])).toEqual([
      [0, false],
      [0, false],
      [0, false],
    ]);
    for (const { guards } of stages.slice(0, 3))
      expect(guards?.map(({ kind }) => kind)).toEqual(['network.pairs']);
  });

  it.each([
    ['vxlan', ['vxlan.calico'], { from: 'vxlan', done: false }, 'both tunnels'],
    ['vxlan with ipip', ['vxlan.calico', 'tunl0'], { from: 'vxlan', done: true }, 'turn'],
    ['ipip with vxlan', ['vxlan.calico', 'tunl0'], undefined, 'settle'],
  ])('Calico that is told “%s” goes on from there', (carriage, devices, turn, stage) => {
    const own = { ...CALICO, carriage, devices };
    expect(told(calico('ipip'), own).turn).toEqual(turn);
    expect(names(stagesOf(calico('ipip'), own))[0]).toBe(stage);
    const [later] = laterNetworkStages(inputOf(specOf(calico('ipip')), worldOf(own)));
    expect(later?.name).toBe(stage);
    expect(later?.goals.map(({ step }) => step.id)).toEqual(['sets.apply', 'cni.up']);
  });

  it('Calico: pools wait for the last agent with both tunnels', () => {
    const own = { ...CALICO, carriage: 'vxlan with ipip', devices: ['vxlan.calico'], ready: 4 };
    expect(told(calico('ipip'), own).turn).toEqual({ from: 'vxlan', done: false });
  });

  it('bare within subnets: pools alone say it, so that one step is enough', () => {
    const own = { ...CALICO, carriage: 'vxlan', devices: ['vxlan.calico'] };
    const network = calico('vxlan', { crossSubnet: true });
    expect(names(stagesOf(network, own))).toEqual(['settle', 'residue']);
    expect(told(network, own).turn).toBeUndefined();
  });

  it('new pods fit into the smaller of both tunnels as long as both are there', () => {
    const own = { ...CALICO, carriage: 'vxlan', devices: ['vxlan.calico'] };
    const settled = { ...CALICO, carriage: 'ipip with vxlan', devices: ['tunl0'] };
    expect(told(calico('ipip'), settled).mtu - told(calico('ipip'), own).mtu).toBe(30);
  });

  it.each([
    ['native', {}, 'native with tunnel'],
    ['tunnel', { tunnelProtocol: 'geneve' }, 'tunnel/geneve with tunnel'],
  ])('Cilium to %s %o: all agents at once, then as usual', (mode, options, between) => {
    const own = { ...CILIUM, carriage: 'tunnel', devices: ['cilium_vxlan', 'cilium_host'] };
    expect(names(stagesOf(cilium(mode, options), own))).toEqual(['turn', 'settle', 'residue']);
    expect(told(cilium(mode, options), own).turn).toMatchObject({ done: true });
    expect(told(cilium(mode, options), { ...own, carriage: between }).turn).toBeUndefined();
  });

  it('Geneve has a port of its own', () => {
    const own = { ...CILIUM, carriage: 'tunnel' };
    expect(told(cilium('tunnel', { tunnelProtocol: 'geneve' }), own).port).toBe(6081);
    expect(told(cilium('tunnel'), own).port).toBe(8472);
  });

  it('is left to those who have put it there', () => {
    const own = { ...CALICO, devices: ['vxlan.calico'] };
    expect(chosenWay(specOf(calico('ipip')), worldOf(own))).toBe('mode');
    expect(told(calico('ipip'), own).turn).toEqual({ from: 'vxlan', done: false });
  });
});

describe('Flannel as a DaemonSet', () => {
  const APART = { cni: { name: 'flannel', by: 'daemonset', mode: 'vxlan' } };

  it('takes over from K3s: its agents and plugins are there before K3s lets go', () => {
    const [take, residue] = stagesOf(APART, { ...FLANNEL, backend: 'vxlan' });
    expect(take?.name).toBe('take over');
    const waves = levels(take?.goals ?? []).map((wave) => [...new Set(wave.map(({ step }) => step.id))]);
    expect(waves).toEqual([['cni.save'], ['sets.apply'], ['cni.up'], ['cni.stage-conf'], ['k3s.network']]);
    expect(take?.goals.at(-1)?.params).toMatchObject({ backend: 'none', policies: true });
    expect(residue?.name).toBe('residue');
    expect(chosenWay(specOf(APART), worldOf({ ...FLANNEL, backend: 'vxlan' }))).toBe('take-over');
  });

  it('is settled when K3s has let go, and changes its mode by its agents', () => {
    expect(stagesOf(APART, FLANNEL)).toEqual([]);
    expect(names(stagesOf({ cni: { ...APART.cni, mode: 'host-gw' } }, FLANNEL))).toEqual([
      'settle',
      'residue',
    ]);
  });

  it('has the ranges that Kubernetes gives to nodes, out of all of the pods’', () => {
    expect(told(APART, { ...FLANNEL, backend: 'vxlan' }).pool).toBe('10.42.0.0/16');
  });
});
