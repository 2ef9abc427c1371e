import { describe, expect, it } from 'vitest';
import { situationOf } from '../../../src/plan/network/situation.js';
import { lastNetworkStages, networkStages } from '../../../src/plan/network/stages.js';
import type { World } from '../../../src/steps/step.js';
import { FLANNEL, inputOf, type Model, specOf, worldIn } from './model.js';

/** Nothing of a released network stands where its attempt ended; agents of Calico run as its manifest makes them. */
const withCalico = (model: Model): World => {
  const world = worldIn(model);
  if (world.cluster === undefined) throw new Error('no cluster');
  const agents = { kind: 'DaemonSet', namespace: 'kube-system', name: 'calico-node', wanted: 5, ready: 5 };
  return { ...world, cluster: { ...world.cluster, workloads: [{ ...agents, kind: 'DaemonSet' }] } };
};

const CALICO = { cni: { name: 'calico', version: 'v3.31.7' } };
const idsIn = (stages: ReturnType<typeof networkStages>): readonly string[] =>
  stages.flatMap(({ goals }) => goals.map(({ id }) => id));

describe('what an earlier attempt has left is where a plan begins', () => {
  it('Calico by the commands of guides, beside a Flannel that still carries all pods, is taken over', () => {
    const world = withCalico(FLANNEL);
    const cluster = specOf(CALICO);
    expect(situationOf(cluster, world)).toMatchObject({ kind: 'other', begun: true });
    const ids = idsIn(networkStages(inputOf(cluster, world)));
    expect(ids).toContain('sets.apply/network/calico');
    expect(ids.filter((id) => id.startsWith('cni.switch/'))).toHaveLength(5);
  });

  it('Flannel switched back on beside Calico’s agents, with the engine of NetworkPolicies, is gone on from', () => {
    const world = withCalico({ ...FLANNEL, policies: true });
    const ids = idsIn(networkStages(inputOf(specOf(CALICO), world)));
    expect(ids.indexOf('k3s.network/policies')).toBeLessThan(ids.indexOf('sets.apply/network/calico'));
    expect(ids).toContain('k3s.network/policies');
    expect(ids.some((id) => id.endsWith('/policies') && id.startsWith('cni.clean/'))).toBe(true);
  });

  it('what Cilium left on hosts counts as no network, and goes with the rest', () => {
    const world = worldIn(FLANNEL);
    for (const { sections } of world.hosts.values())
      sections.traces?.value?.push(
        { owner: 'cilium', kind: 'chain', name: 'CILIUM_FORWARD', detail: 'nft filter' },
        { owner: 'cilium', kind: 'link', name: 'cilium_host' },
      );
    const cluster = specOf({ cni: { name: 'lab' } });
    expect(situationOf(cluster, world)).toMatchObject({ kind: 'other', begun: false });
    const [last] = lastNetworkStages({ cluster, world });
    const clean = last?.goals.find(({ step }) => step.id === 'cni.clean');
    const subject = { host: clean?.host ?? '', hosts: [...(clean?.hosts ?? [])] };
    const params = clean?.params ?? {};
    expect(JSON.stringify(clean?.step.diff(clean.step.observe(world, subject, params), params))).toContain(
      'cilium: 1 chain',
    );
  });
});
