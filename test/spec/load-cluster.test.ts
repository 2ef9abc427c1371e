/* eslint-disable @typescript-eslint/no-unsafe-member-access -- specs under test are wrong on purpose, so their drafts have no type */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DroverError } from '../../src/core/error.js';
import { targetOf } from '../../src/spec/cluster.js';
import { loadCluster } from '../../src/spec/load-cluster.js';
import { originText } from '../../src/spec/origin.js';
import { parsePath } from '../../src/spec/path.js';
import { type Loose, lines, load, memoryFiles, problemsOf, specWith } from './rig.js';

const loaded = async (yaml: string, given: Parameters<typeof load>[1] = {}) => {
  const outcome = await load(yaml, given);
  if (!outcome.ok) throw new Error(lines(outcome.error).join('\n'));
  return outcome.value;
};
const errorsOf = async (yaml: string, given: Parameters<typeof load>[1] = {}) => {
  const outcome = await load(yaml, given);
  const errors: readonly DroverError[] = outcome.ok ? [] : outcome.error;
  return errors;
};

describe('reading YAML', () => {
  it.each([
    ['', 'spec-empty'],
    ['# nothing\n', 'spec-empty'],
    ['spec:\n\thosts: []\n', 'spec-yaml-tab'],
    ['spec: [1\nkind: x\n', 'spec-yaml-syntax'],
    ['spec: "x\n', 'spec-yaml-syntax'],
    ['spec: *nobody\n', 'spec-yaml-alias'],
    [`${specWith()}---\na: 1\n`, 'spec-several-documents'],
    ['- 1\n', 'spec-wrong-value'],
    ['apiVersion: drover/v1\nkind: Migration\n', 'spec-kind-migration'],
    ['apiVersion: drover/v2\nkind: Cluster\n', 'spec-api-version'],
    ['apiVersion: drover/v1\nkind: Deployment\n', 'spec-kind'],
  ])('answers %j with one clear error', async (text, code) => {
    const errors = await errorsOf(text);
    expect(errors.map((error) => error.code)).toEqual([code]);
    expect(errors[0]?.location?.file).toBe('drover.yaml');
  });

  it('says that a file is missing, and how to get one', async () => {
    const missing = await loadCluster({
      file: 'drover.yaml',
      cwd: '/',
      files: memoryFiles({}),
      clock: { now: () => 0 },
      env: {},
    });
    expect(missing.ok ? [] : missing.error).toMatchObject([
      { code: 'spec-file-missing', hint: expect.stringContaining('drover init') as string },
    ]);
  });

  it('follows anchors, aliases and merge keys, and finds their places', async () => {
    const cluster = await loaded(`apiVersion: drover/v1
kind: Cluster
metadata: { name: test }
spec:
  hosts:
    - &one { name: s1, address: 10.0.0.1, role: server }
    - { <<: *one, name: a1, address: 10.0.0.2, role: agent }
  network: { nodes: 10.0.0.0/24 }
`);
    expect(cluster.hosts.map(({ name, role }) => [name, role])).toEqual([
      ['s1', 'server'],
      ['a1', 'agent'],
    ]);
  });

  it('reports keys that are written twice along with everything else', async () => {
    const yaml = specWith((spec: Loose) => (spec.network.podds = 'x')).replace(
      '    nodes:',
      '    nodes: 10.0.0.0/24\n    nodes:',
    );
    expect((await errorsOf(yaml)).map(({ code }) => code).sort()).toEqual([
      'spec-duplicate-key',
      'spec-unknown-key',
    ]);
  });
});

describe('the schema', () => {
  it('reports all problems at once, with places and what was meant', async () => {
    const yaml = specWith((spec: Loose) => {
      spec.network.kubeProxi = 'iptables';
      spec.network.cni = { name: 'calicoo', mtu: 'large' };
      delete spec.network.nodes;
      spec.hosts[0].address = '10.0.0';
      spec.hosts[1].rol = 'x';
      spec.distribution = { kind: 'k4s' };
      spec.ingress = [];
    });
    const errors = await errorsOf(yaml);
    expect(errors.map(({ code, message, label }) => [code, message, label])).toMatchInlineSnapshot(`
      [
        [
          "spec-wrong-value",
          "spec.hosts[0].address: expected an IPv4 or IPv6 address",
          undefined,
        ],
        [
          "spec-unknown-key",
          "spec.hosts[1] has no key "rol"",
          "did you mean role?",
        ],
        [
          "spec-missing-key",
          "spec.network.nodes is missing",
          undefined,
        ],
        [
          "spec-wrong-value",
          "spec.network.cni.name: expected flannel, calico, cilium, lab or none",
          "did you mean calico?",
        ],
        [
          "spec-wrong-value",
          "spec.network.cni.mtu: expected a number, found a text",
          undefined,
        ],
        [
          "spec-unknown-key",
          "spec.network has no key "kubeProxi"",
          "did you mean kubeProxy?",
        ],
        [
          "spec-wrong-value",
          "spec.distribution.kind: expected k3s or kubespray",
          "did you mean k3s?",
        ],
        [
          "spec-wrong-value",
          "spec.ingress: expected a mapping, found a list",
          undefined,
        ],
      ]
    `);
    for (const { location } of errors) expect(location?.text).toBeDefined();
  });

  it('names what is missing and shows an example', async () => {
    const errors = await errorsOf(
      'apiVersion: drover/v1\nkind: Cluster\nmetadata:\n  name: x\nspec:\n  network: {}\n',
    );
    expect(errors.map(({ message, hint }) => [message, hint])).toMatchInlineSnapshot(`
      [
        [
          "spec.hosts is missing",
          "The machines: a list, or the table that holds them",
        ],
        [
          "spec.network.nodes is missing",
          "for example "10.0.0.0/24"",
        ],
      ]
    `);
  });

  it('runs the rules of valid sections while others are wrong', async () => {
    const yaml = specWith((spec: Loose) => {
      spec.ingress.kind = 'Daemonset';
      spec.network.pods = '10.43.0.0/16';
    });
    expect((await errorsOf(yaml)).map(({ code }) => code).sort()).toEqual([
      'ranges-overlap',
      'spec-wrong-value',
    ]);
  });

  it('never throws and never leaves an error without a place, whatever value stands anywhere', async () => {
    const paths = [
      'hosts',
      'network',
      'distribution',
      'api',
      'preparation',
      'addons',
      'ingress',
      'loadBalancers',
      'applications',
      'vault',
      'policy',
      'lab',
      'secrets',
      'nonsense',
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.jsonValue(), async (path, value) => {
        const outcome = await load(specWith((spec: Loose) => (spec[path] = value)));
        for (const { location, code } of problemsOf(outcome)) {
          expect(location?.line, code).toBeGreaterThanOrEqual(1);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('survives any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
        expect((await load(text)).ok).toBe(false);
        expect((await load(`${specWith()}\n${text}`)).warnings).toBeDefined();
      }),
      { numRuns: 200 },
    );
  });
});

describe('secrets in the file', () => {
  it('are dotted out of every source line, at the same width', async () => {
    const yaml = specWith((spec: Loose) => {
      spec.applications = [{ name: 'a', namespace: 'n', image: 'x:1', env: { DB_PASSWORD: 'hunter2' } }];
    });
    const [error] = await errorsOf(yaml);
    expect(error?.code).toBe('secret-in-plain-text');
    expect(JSON.stringify(error)).not.toContain('hunter2');
    expect(error?.location?.text).toBe('        DB_PASSWORD: •••••••');
  });
});

describe('environment variables', () => {
  const yaml = (names: string) =>
    specWith((spec: Loose) => (spec.network.nodes = '${NODES}')).replace(
      'name: test',
      `name: test\n  environment: ${names}`,
    );

  it('stand for values when the spec lists them', async () => {
    const cluster = await loaded(yaml('[NODES]'), { env: { NODES: '10.0.0.0/24' } });
    expect(cluster.spec.network.nodes).toBe('10.0.0.0/24');
    expect(originText(cluster.originOf(parsePath('spec.network.nodes')))).toMatch(
      /^drover.yaml:\d+:\d+ \$NODES$/,
    );
  });

  it('become numbers where the text is one, and take defaults', async () => {
    const text = yaml('[NODES, PODS]').replace('cni: {}', 'cni: {}\n    maxPods: ${PODS:-50}');
    expect((await loaded(text, { env: { NODES: '10.0.0.0/24' } })).spec.network.maxPods).toBe(50);
  });

  it('are an error when they are not set, and left alone when they are not listed', async () => {
    expect((await errorsOf(yaml('[NODES]'))).map(({ code }) => code)).toEqual(['spec-variable-missing']);
    const other = specWith((spec: Loose) => {
      spec.applications = [
        { name: 'a', namespace: 'n', image: 'x:1', command: ['sh', '-c', 'echo ${HOME}'] },
      ];
    });
    expect((await loaded(other, { env: { HOME: '/root' } })).spec.applications[0]?.command?.[2]).toBe(
      'echo ${HOME}',
    );
  });
});

describe('a loaded cluster', () => {
  const TSV =
    'HOSTNAME\tIP_PRIVEE\tROLE\tSUBROLE\tNOTES\nm1\t10.0.0.1\tk3s\tmaster\t\nw1\t10.0.0.2\tk3s\tworker\tIA\n';
  const fromTable = specWith((spec: Loose) => (spec.hosts = { file: 'servers.tsv' }));

  it('has the hosts of its table, with labels from purposes and places in the table', async () => {
    const cluster = await loaded(fromTable, { tsv: TSV });
    expect(cluster.hosts[1]).toMatchObject({
      name: 'w1',
      purpose: 'ai',
      labels: { 'drover.dev/purpose': 'ai' },
    });
    expect(cluster.locate('spec.hosts[1].address')).toMatchObject({
      file: 'servers.tsv',
      line: 3,
      column: 4,
    });
    expect(cluster.locate('spec.network.nodes')).toMatchObject({ file: 'drover.yaml' });
    expect(originText(cluster.originOf(['spec', 'network', 'pods']))).toBe('default');
  });

  it('says that the table is missing', async () => {
    expect((await errorsOf(fromTable)).map(({ code }) => code)).toEqual(['table-unreadable']);
  });

  it('has a hash that follows meaning, not writing', async () => {
    const plain = await loaded(specWith());
    const commented = await loaded(`# note\n${specWith()}`);
    const explicit = await loaded(specWith((spec: Loose) => (spec.network.pods = '10.42.0.0/16')));
    const other = await loaded(specWith((spec: Loose) => (spec.network.pods = '10.44.0.0/16')));
    expect(plain.hash).toMatch(/^[0-9a-f]{64}$/);
    expect([commented.hash, explicit.hash]).toEqual([plain.hash, plain.hash]);
    expect(other.hash).not.toBe(plain.hash);
  });

  it('resolves paths beside the spec, and keeps sudo of spec.ssh for hosts with ssh keys of their own', async () => {
    const cluster = await loaded(
      specWith((spec: Loose) => {
        spec.ssh = { sudo: true, identityFile: 'keys/id' };
        spec.hosts[0].ssh = { user: 'debian' };
      }),
    );
    expect(cluster.spec.ssh.identityFile).toBe('/home/keys/id');
    expect(targetOf(cluster, cluster.hosts[0]!)).toMatchObject({ user: 'debian', sudo: true });
  });
});
