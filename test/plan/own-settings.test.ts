import { describe, expect, it } from 'vitest';
import { ownSettings as collected, type OwnSetting } from '../../src/facts/collectors/k3s-settings.js';
import type { HostFacts } from '../../src/facts/model/host-facts.js';
import { ownSettings } from '../../src/plan/own-settings.js';
import { k3sConfig } from '../../src/steps/k3s/config.js';

const DROVERS = '/etc/rancher/k3s/config.yaml.d/50-drover.yaml';
const SETTINGS = {
  'cluster-cidr': '10.42.0.0/16',
  'token-file': '/etc/rancher/k3s/drover-server-token',
  disable: ['servicelb', 'traefik'],
  'etcd-snapshot-retention': 5,
  'tls-san': ['10.0.0.11'],
};

/** What a host has beside Drover's file. */
const place = (part: Partial<Parameters<typeof collected>[0]>): readonly OwnSetting[] =>
  collected({ environment: [], files: [], flags: [], ...part }, DROVERS);
const file = (name: string, text: string) => place({ files: [{ path: `/etc/rancher/k3s/${name}`, text }] });
const judged = (own: readonly OwnSetting[]) =>
  ownSettings({ sections: { kubernetes: { value: { own } } } } as unknown as HostFacts, SETTINGS);

describe('the user’s own settings of K3s', () => {
  it('are all that does not stand in Drover’s file, place by place', () => {
    const own = place({
      environment: [['K3S_DEBUG', 'true', '/etc/systemd/system/k3s.service.env']],
      files: [
        { path: '/etc/rancher/k3s/config.yaml', text: 'debug: true\nnode-label: [a=b, c=d]\n' },
        { path: DROVERS, text: 'cluster-cidr: 10.42.0.0/16\n' },
      ],
      flags: [['selinux', 'true']],
    });
    expect(own.map(({ key, origin, from }) => `${from} ${key} ${origin}`)).toEqual([
      'environment debug /etc/systemd/system/k3s.service.env',
      'file debug /etc/rancher/k3s/config.yaml:1',
      'file node-label /etc/rancher/k3s/config.yaml:2',
      'unit selinux unit',
    ]);
  });

  it('are kept where the spec says nothing', () => {
    expect(judged(file('config.yaml', 'debug: true\n'))).toEqual({
      own: [{ key: 'debug', origin: '/etc/rancher/k3s/config.yaml:1', wins: 'own' }],
      conflicts: [],
    });
  });

  it.each([
    ['config.yaml', 'etcd-snapshot-retention: 9', 'drover'],
    ['config.yaml.d/10-mine.yaml', 'cluster-cidr: 10.99.0.0/16', 'drover'],
    ['config.yaml.d/90-mine.yaml', 'etcd-snapshot-retention: 9', 'own'],
    ['config.yaml.d/90-mine.yaml', 'tls-san+: api.example', 'both'],
    ['config.yaml.d/90-mine.yaml', 'disable: [traefik, servicelb]', 'own'],
  ] as const)('of %s with %s: %s', (name, text, wins) => {
    const { own, conflicts } = judged(file(name, `${text}\n`));
    expect(own.map((each) => each.wins)).toEqual([wins]);
    expect(conflicts).toEqual([]);
  });

  it.each([
    ['config.yaml.d/90-mine.yaml', 'cluster-cidr: 10.99.0.0/16', 'it would win over Drover’s 10.42.0.0/16'],
    ['config.yaml.d/90-mine.yaml', 'tls-san: api.example', 'it would win over Drover’s 10.0.0.11'],
    ['config.yaml', 'token: hmac:1', 'only the spec may say so'],
    ['config.yaml', 'server: https://10.0.0.99:6443', 'only the spec may say so'],
  ])('of %s with %s are a conflict', (name, text, why) => {
    expect(judged(file(name, `${text}\n`)).conflicts.map((each) => each.why)).toEqual([why]);
  });

  it('in the environment give way to files; what no file says is a conflict when it joins or founds', () => {
    const from = (variable: string, value: string) =>
      judged(place({ environment: [[variable, value, '/etc/systemd/system/k3s.service.env']] }));
    expect(from('K3S_CLUSTER_CIDR', '10.99.0.0/16')).toMatchObject({
      own: [{ wins: 'drover' }],
      conflicts: [],
    });
    expect(from('K3S_URL', 'https://10.0.0.99:6443').conflicts).toMatchObject([{ key: 'server' }]);
  });

  it('in the arguments of a unit would be lost, unless the spec says the same', () => {
    const { conflicts } = judged(
      place({
        flags: [
          ['selinux', 'true'],
          ['cluster-cidr', '10.42.0.0/16'],
        ],
      }),
    );
    expect(conflicts).toEqual([
      {
        key: 'selinux',
        origin: 'unit',
        why: 'Drover writes the unit without arguments, so this one would be lost',
      },
    ]);
  });
});

describe('k3s.config', () => {
  const own = [
    { key: 'debug', origin: '/etc/rancher/k3s/config.yaml:1', wins: 'own' },
    { key: 'disable', origin: '/etc/rancher/k3s/config.yaml:2', wins: 'drover' },
    { key: 'tls-san+', origin: '/etc/rancher/k3s/config.yaml.d/90-mine.yaml:1', wins: 'both' },
  ] as const;
  const params = { role: 'agent', settings: '', registries: null, own } as const;

  it('shows them with its changes, and says which count', () => {
    const changes = k3sConfig.diff({ files: {}, tokens: [] }, params);
    expect(changes.filter(({ kind }) => kind === 'warn')).toEqual([
      { kind: 'warn', what: 'debug in /etc/rancher/k3s/config.yaml:1', after: 'yours is kept' },
      { kind: 'warn', what: 'disable in /etc/rancher/k3s/config.yaml:2', after: 'the spec’s value counts' },
      {
        kind: 'warn',
        what: 'tls-san+ in /etc/rancher/k3s/config.yaml.d/90-mine.yaml:1',
        after: 'added to the spec’s',
      },
    ]);
  });
});
