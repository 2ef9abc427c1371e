import { describe, expect, it } from 'vitest';
import type { ClusterFacts, NodeFacts } from '../../src/facts/cluster/cluster-facts.js';
import type { HostFacts } from '../../src/facts/model/host-facts.js';
import type { Goal } from '../../src/plan/goal.js';
import { foundingOf, k3sGoals } from '../../src/plan/k3s-goals.js';
import type { World } from '../../src/steps/step.js';
import { clusterOf } from '../diagnosis/fixtures/cluster.js';

type Seen = 'empty' | 'unseen' | 'running' | 'stopped' | 'remains' | 'configured';

const cluster = clusterOf({ hosts: 4, servers: 3 }, {});
const servers = cluster.hosts.filter(({ role }) => role === 'server');
const nameOf = (index: number): string => servers[index]?.name ?? '';

type Install = NonNullable<NonNullable<HostFacts['sections']['kubernetes']>['value']>['installs'][number];

const install = (seen: Seen, index: number): Install => ({
  kind: 'k3s',
  role: 'server',
  active: seen === 'running' ? 'active' : 'failed',
  enabled: 'enabled',
  dataDir: '/var/lib/rancher/k3s',
  datastore: seen === 'configured' ? 'unknown' : 'etcd',
  settings:
    index === 0
      ? { 'cluster-init': { value: 'true', origin: 'drop-in' } }
      : { server: { value: 'https://10.0.0.99:6443', origin: 'drop-in' } },
  duplicates: [],
  files: [],
  errors: [],
});

const factsOf = (name: string, seen: Seen, index: number): HostFacts => {
  const value = {
    installs: ['running', 'stopped', 'configured'].includes(seen) ? [install(seen, index)] : [],
    certificates: [],
    remains: seen === 'remains' ? ['/var/lib/rancher/k3s'] : [],
  };
  return {
    name,
    address: '10.0.0.1',
    role: 'server',
    contact: { state: 'reached', connectMs: 1 },
    sections: seen === 'unseen' ? {} : { kubernetes: { at: '2026-11-21T00:00:00.000Z', value } },
  };
};

const worldOf = (...seen: readonly Seen[]): World => ({
  hosts: new Map(seen.map((one, index) => [nameOf(index), factsOf(nameOf(index), one, index)])),
});

describe('foundingOf', () => {
  it('founds on the first server when all were seen to be empty', () => {
    expect(foundingOf(servers, worldOf('empty', 'empty', 'empty'))).toEqual({
      kind: 'founder',
      host: nameOf(0),
    });
  });

  it('founds nothing as long as one server was not seen', () => {
    expect(foundingOf(servers, worldOf('empty', 'unseen', 'empty'))).toEqual({
      kind: 'unknown',
      hosts: [nameOf(1)],
    });
  });

  it.each([
    [['empty', 'running', 'running'], { kind: 'joins', through: nameOf(1) }],
    [['empty', 'unseen', 'running'], { kind: 'joins', through: nameOf(2) }],
    [['empty', 'stopped', 'stopped'], { kind: 'founder', host: nameOf(1) }],
    [['empty', 'empty', 'remains'], { kind: 'founder', host: nameOf(2) }],
    [['configured', 'empty', 'stopped'], { kind: 'founder', host: nameOf(2) }],
    [['configured', 'empty', 'empty'], { kind: 'founder', host: nameOf(0) }],
  ] as const)('never founds a second cluster where servers are %j', (seen, expected) => {
    expect(foundingOf(servers, worldOf(...seen))).toEqual(expected);
  });
});

const goalsIn = (world: World): readonly Goal[] => {
  const founding = foundingOf(servers, world);
  if (founding.kind === 'unknown') throw new Error('unknown');
  const source = { kind: 'url', url: 'https://mirror/k3s' } as const;
  const binary = {
    version: 'v1.36.4+k3s1',
    arch: 'amd64',
    source,
    sha256: 'a',
    sampled: 'sampled:a',
  } as const;
  return k3sGoals({ cluster, world, binary, archives: [], founding, prepared: () => [] });
};

/** The configuration that each server gets, by name. */
const settingsIn = (world: World): Readonly<Record<string, string>> => {
  return Object.fromEntries(
    goalsIn(world)
      .filter(({ step }) => step.id === 'k3s.config')
      .map(({ host, params }) => [host ?? '', (params as { readonly settings: string }).settings]),
  );
};

describe('k3sGoals', () => {
  it('lets exactly one server found', () => {
    const settings = settingsIn(worldOf('empty', 'empty', 'empty'));
    const founders = servers.filter(({ name }) => settings[name]?.includes('cluster-init: true'));
    expect(founders.map(({ name }) => name)).toEqual([nameOf(0)]);
  });

  it('lets a first server that was made anew join the others', () => {
    const settings = settingsIn(worldOf('empty', 'running', 'running'));
    expect(settings[nameOf(0)]).toContain(`server: https://${servers[1]?.address ?? ''}:6443`);
    expect(JSON.stringify(settings)).not.toContain('cluster-init');
  });

  it('lets one that began to found, but never ran, join a cluster that lives', () => {
    expect(settingsIn(worldOf('configured', 'running', 'running'))[nameOf(0)]).not.toContain('cluster-init');
  });

  it('leaves running servers the address by which they joined', () => {
    const settings = settingsIn(worldOf('running', 'running', 'running'));
    expect(settings[nameOf(1)]).toContain('server: https://10.0.0.99:6443');
    expect(settings[nameOf(0)]).toContain('cluster-init: true');
  });

  it('names in a certificate no other server', () => {
    expect(settingsIn(worldOf('empty', 'empty', 'empty'))[nameOf(1)]).not.toContain(`- ${nameOf(2)}`);
  });
});

const TOGETHER = 'k3s.start-together/servers';
const together = (world: World): Goal | undefined => goalsIn(world).find(({ id }) => id === TOGETHER);

/** Its API answers and shows servers as voters. */
const answering = (world: World, voters: number): World => {
  const nodes = servers.slice(0, voters).map(({ name }) => ({ name, etcd: 'voter' }) as NodeFacts);
  return { ...world, cluster: { nodes } as unknown as ClusterFacts };
};

describe('servers that stand still', () => {
  it.each([
    ['stopped', 'stopped', 'stopped'],
    ['running', 'stopped', 'stopped'],
    ['stopped', 'running', 'empty'],
  ] as const)('are started at once where no API answers: %s, %s, %s', (...seen) => {
    const world = worldOf(...seen);
    const members = seen.flatMap((each, index) => (each === 'empty' ? [] : [nameOf(index)]));
    const goal = together(world);
    expect([...(goal?.hosts ?? [])].sort()).toEqual(members);
    const installed = members.flatMap((name) => [`k3s.binary/${name}`, `k3s.config/${name}`]);
    expect([...(goal?.after ?? [])].sort()).toEqual(installed.sort());
    for (const { step, after } of goalsIn(world))
      if (step.id === 'k3s.server') expect(after).toContain(TOGETHER);
  });

  it.each([
    ['a cluster answers', answering(worldOf('running', 'running', 'stopped'), 3)],
    ['all of them run', worldOf('running', 'running', 'running')],
    ['a single server has data', worldOf('stopped', 'empty', 'empty')],
    ['nothing was built', worldOf('empty', 'empty', 'empty')],
  ])('are started one after another where %s', (_what, world) => {
    expect(together(world)).toBeUndefined();
  });
});

describe('a restart of a server', () => {
  const interrupts = (voters: number): readonly (string | undefined)[] =>
    goalsIn(answering(worldOf('running', 'running', 'running'), voters))
      .filter(({ step }) => step.id === 'k3s.server')
      .map(({ expected }) => expected?.interruption);

  it('announces that the API stands still with one or two voters only', () => {
    expect(interrupts(1)).toEqual([expect.stringContaining('1 voter'), undefined, undefined]);
    expect(interrupts(2).slice(0, 2)).toEqual([
      expect.stringContaining('2 voters'),
      expect.stringContaining('2 voters'),
    ]);
    expect(interrupts(3)).toEqual([undefined, undefined, undefined]);
  });
});
