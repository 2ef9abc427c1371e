import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StageGoal } from '../../../src/plan/goal.js';
import { levels } from '../../../src/plan/graph.js';
import { situationOf } from '../../../src/plan/network/situation.js';
import {
  lastNetworkStages,
  laterNetworkStages,
  type NetworkInput,
  networkStages,
} from '../../../src/plan/network/stages.js';
import type { Cluster } from '../../../src/spec/cluster.js';
import { type FirewallRule, OWN_MARK } from '../../../src/steps/host/ufw-rules.js';
import type { LiveSet } from '../../../src/steps/sets/live-set.js';
import type { World } from '../../../src/steps/step.js';
import { clusterOf } from '../../diagnosis/fixtures/cluster.js';
import { applied, FLANNEL, inputOf, LABNET, type Model, SHAPE, specOf, worldIn } from './model.js';

const LAB = { cni: { name: 'lab' } };
const IN_PLACE = { ...LAB, change: { way: 'in-place' } };

const stagesOf = (network: Record<string, unknown>, model: Model): readonly StageGoal[] =>
  networkStages(inputOf(specOf(network), worldIn(model)));

const firewalled = (network: Record<string, unknown>): Cluster =>
  clusterOf(SHAPE, { network, spec: { preparation: { firewall: { kind: 'ufw' } } } });

/** Hosts on which Drover has written rules of ufw. */
const managed = (world: World): World => {
  const tuple = `allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in${OWN_MARK}535348`;
  for (const { sections } of world.hosts.values()) {
    const ufw = sections.firewall?.value?.ufw;
    if (ufw !== undefined) Object.assign(ufw, { installed: true, active: true, rules: [tuple] });
  }
  return world;
};

/** Every stage as its waves of actions. */
const shown = (stages: readonly StageGoal[]): string =>
  stages
    .map(({ name, goal, goals, guards, envelope }) =>
      [
        `${name}: ${goal}`,
        ...levels(goals).map((wave) => `  ${wave.map(({ id }) => id).join(', ')}`),
        ...(envelope === undefined ? [] : [`  ? ${envelope.steps.join(', ')}`]),
        ...(guards ?? []).map(({ kind }) => `  ! ${kind}`),
      ].join('\n'),
    )
    .join('\n');

describe('the stages of a change of network', () => {
  it('are none where the asked network runs, and where somebody else brings it', () => {
    expect(stagesOf({}, FLANNEL)).toEqual([]);
    expect(stagesOf({ cni: { name: 'none' } }, { ...FLANNEL, backends: ['none', 'none', 'none'] })).toEqual(
      [],
    );
  });

  it('node by node: a second network, one node after another, then K3s lets go', () => {
    expect(shown(stagesOf({ ...LAB, change: { control: true } }, FLANNEL))).toMatchSnapshot();
  });

  it('in place: everything in one window', () => {
    expect(shown(stagesOf(IN_PLACE, FLANNEL))).toMatchSnapshot();
  });

  it('another back end: all servers at once; what is left of the former one is seen then', () => {
    expect(shown(stagesOf({ cni: { name: 'flannel', mode: 'host-gw' } }, FLANNEL))).toMatchSnapshot();
  });

  it('a network for a cluster that has none: applied at once, or as soon as there is an API', () => {
    const none = { ...FLANNEL, backends: ['none', 'none', 'none'] };
    expect(shown(stagesOf(LAB, none))).toMatchSnapshot();
    const { sets: _, ...unasked } = worldIn(none);
    expect(shown(networkStages(inputOf(specOf(LAB), unasked)))).toMatchSnapshot();
  });

  it('Flannel off: K3s alone changes, and nothing that pods hang on goes', () => {
    expect(shown(stagesOf({ cni: { name: 'none' } }, FLANNEL))).toMatchSnapshot();
  });

  it('Flannel on again where no network runs: nothing is watched, because no pod can be asked', () => {
    const none = { ...FLANNEL, backends: ['none', 'none', 'none'], policies: false };
    expect(shown(stagesOf({}, none))).toMatchSnapshot();
  });

  it('back to Flannel, node by node: K3s brings it beside, and pods keep the former network until their node moves', () => {
    expect(shown(stagesOf({ change: { control: true } }, LABNET))).toMatchSnapshot();
    const moved = { ...LABNET, backends: ['vxlan', 'vxlan', 'vxlan'], staged: [0, 3], back: [0, 1, 2, 3, 4] };
    const [handOver] = laterNetworkStages(inputOf(specOf({}), worldIn(moved)));
    expect(shown(handOver === undefined ? [] : [handOver])).toMatchSnapshot();
    const drop = handOver?.goals.find(({ id }) => id.startsWith('cni.drop-conf'));
    expect((drop?.params as { readonly paths: readonly string[] }).paths.at(-1)).toContain('00-flannel');
  });

  it('back to Flannel, in place: all nodes move in one window', () => {
    expect(shown(stagesOf({ change: { way: 'in-place' } }, LABNET))).toMatchSnapshot();
  });

  describe('on hosts whose firewall is Drover’s', () => {
    const filtering = firewalled(LAB);
    const ports = (goals: StageGoal['goals'], mark: string): readonly string[] => {
      const made = goals.filter(({ id }) => id.startsWith('host.firewall') && id.endsWith(`/${mark}`));
      return [
        ...new Set(
          made.flatMap(({ params }) =>
            (params as { rules: readonly FirewallRule[] }).rules
              .filter(({ protocol }) => protocol === 'udp')
              .flatMap((rule) => rule.ports),
          ),
        ),
      ];
    };

    it('lets both networks in before the second one comes up, and closes what only the former needed at the end', () => {
      const input = { ...inputOf(filtering, managed(worldIn(FLANNEL))), only: 'network' as const };
      const [prepare] = networkStages(input);
      expect(ports(prepare?.goals ?? [], 'both')).toEqual(['4789', '8472']);
      const opened = prepare?.goals.filter(({ id }) => id.startsWith('host.firewall')).map(({ id }) => id);
      const applied = prepare?.goals.find(({ step }) => step.id === 'sets.apply');
      expect(applied?.after).toEqual(expect.arrayContaining(opened ?? ['none']));
      const [last] = lastNetworkStages(input);
      expect(ports(last?.goals ?? [], 'alone')).toEqual(['4789']);
    });

    it('leaves the firewall of hosts alone that somebody else has prepared, and what was prepared before', () => {
      const strange = { ...inputOf(filtering, worldIn(FLANNEL)), only: 'network' as const };
      expect(ports(networkStages(strange)[0]?.goals ?? [], 'both')).toEqual([]);
      const built = inputOf(filtering, managed(worldIn(FLANNEL)));
      expect(ports(networkStages(built)[0]?.goals ?? [], 'both')).toEqual([]);
    });
  });

  it('hand over and residue, when they start', () => {
    const input = inputOf(
      specOf(LAB),
      worldIn({ ...FLANNEL, policies: false, applied: true, switched: [0, 1, 2, 3, 4] }),
    );
    const [handOver] = laterNetworkStages(input);
    expect(
      shown([...(handOver === undefined ? [] : [handOver]), ...lastNetworkStages(input)]),
    ).toMatchSnapshot();
  });

  it('keep actions of one run apart, whatever stage they belong to', () => {
    const input = inputOf(specOf(LAB), worldIn({ ...FLANNEL, applied: true, switched: [0, 1, 2, 3, 4] }));
    const ids = [
      ...networkStages(input),
      ...laterNetworkStages(input).slice(0, 1),
      ...lastNetworkStages(input),
    ]
      .flatMap(({ goals }) => goals)
      .map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

const backend = fc.constantFrom('vxlan', 'none');

/** The set of the lab’s network lives in the cluster. */
const withSet = (input: NetworkInput): NetworkInput => ({
  ...input,
  world: { ...input.world, sets: new Map([['network/lab', {} as LiveSet]]) },
});

/** Any state in which an attempt may have ended, Drover’s or somebody’s. */
const anyModel: fc.Arbitrary<Model> = fc.record({
  backends: fc.array(backend, { minLength: 3, maxLength: 3 }),
  policies: fc.boolean(),
  applied: fc.boolean(),
  switched: fc.subarray([0, 1, 2, 3, 4]),
});

describe('a change that was begun', () => {
  it.each(['node-by-node', 'in-place'])('ends in the asked network from any state, %s', (way) => {
    const cluster = specOf({ ...LAB, change: { way } });
    fc.assert(
      fc.property(anyModel, (start) => {
        let model = start;
        for (const stage of networkStages(inputOf(cluster, worldIn(model)))) {
          const later = laterNetworkStages(inputOf(cluster, worldIn(model)));
          const now = stage.envelope === undefined ? stage : later.find(({ name }) => name === stage.name);
          if (now !== undefined) model = applied(model, now, cluster);
        }
        const end = situationOf(cluster, worldIn(model));
        expect(end.kind).toBe('settled');
        expect(networkStages(inputOf(cluster, worldIn(model)))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it.each(['node-by-node', 'in-place'])('ends in Flannel from any state of the way back, %s', (way) => {
    const cluster = specOf({ change: { way } });
    const places = fc.subarray([0, 1, 2, 3, 4]);
    const midway = fc.record({
      backends: fc.array(backend, { minLength: 3, maxLength: 3 }),
      policies: fc.boolean(),
      applied: fc.constant(true),
      switched: fc.constant([]),
      standard: places,
      staged: places,
      back: places,
    });
    fc.assert(
      fc.property(midway, (start) => {
        let model: Model = start;
        for (const stage of networkStages(inputOf(cluster, worldIn(model)))) {
          const input = inputOf(cluster, worldIn(model));
          const later = [...laterNetworkStages(input), ...lastNetworkStages(withSet(input))];
          const now = stage.envelope === undefined ? stage : later.find(({ name }) => name === stage.name);
          if (now !== undefined) model = applied(model, now, cluster);
        }
        expect(model).toMatchObject({ policies: true, applied: false, standard: [], staged: [], back: [] });
        expect(situationOf(cluster, worldIn(model)).kind).toBe('settled');
      }),
      { numRuns: 60 },
    );
  });

  it('takes Flannel’s back end to the asked one from any mixture of servers', () => {
    const cluster = specOf({ cni: { name: 'flannel', mode: 'host-gw' } });
    const mixed = fc.array(fc.constantFrom('vxlan', 'host-gw', 'none'), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(mixed, (backends) => {
        let model: Model = { ...FLANNEL, backends };
        for (const stage of networkStages(inputOf(cluster, worldIn(model))))
          model = applied(model, stage, cluster);
        expect(model.backends).toEqual(['host-gw', 'host-gw', 'host-gw']);
      }),
    );
  });
});
