import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/events/finding.js';
import type { Kube, KubeObject } from '../../src/core/ports/kube.js';
import type { HostTarget } from '../../src/core/ports/transport.js';
import { labPaths } from '../../src/lab/paths.js';
import { cniSave } from '../../src/steps/cni/save.js';
import {
  expectBroken,
  expectCutsSurvived,
  expectPlanning,
  expectRoundTrip,
  nextRun,
  performed,
} from '../steps/contract.js';
import { doctor, drover, type Ended, must, specFolder } from './support/cli.js';
import {
  image,
  inPod,
  kubeOf,
  NODES,
  PODS as PODS_OF_TEST,
  rootOn,
  runPod,
  value,
} from './support/cluster.js';
import { cniBench, cniCases } from './support/cni-steps.js';
import { commandsOf, runPrinted } from './support/journey.js';
import { NETWORK_INVENTORY, plantOldNetworks } from './support/old-networks.js';
import { labTransport } from './support/transport.js';

const LAB = 'it-clean-cni';
const HOSTS = ['server-1', 'agent-1'];
const DEFINITIONS = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
} as const;
const POOLS = { group: 'crd.projectcalico.org', version: 'v1', plural: 'ippools' } as const;
const SERVER: HostTarget = { name: 'server-1', address: '10.94.0.11' };
const AGENT: HostTarget = { name: 'agent-1', address: '10.94.0.21' };

/** Which of both rules comes first, in the packet filter that Flannel uses. */
const BYPASSED = `iptables-save -t nat | sed -n 's/^-A POSTROUTING .*drover-cni-bypass.*/bypass/p; s/^-A POSTROUTING .*FLANNEL-POSTRTG.*/flannel/p' | tr '\\n' ' ' | sed 's/ $/\\n/'`;

/** What is saved before a change. */
const SAVED = `find /var/lib/drover/exports -type f -exec cat {} + 2>/dev/null; k3s etcd-snapshot ls 2>/dev/null | awk '{ print $1 }'`;

const barePod = (from: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'alone', namespace: 'default' },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'main', image: from, command: ['sleep', '86400'] }],
  },
});

let transport: Awaited<ReturnType<typeof labTransport>>;
let folder: string;
let kube: Kube;
let clean: readonly string[];
let planted: readonly string[];

/** A command of the journey's page, run as it is printed there. */
const printed = async (holds: RegExp): Promise<Ended> => {
  const found = (await commandsOf('change-network.md')).filter((command) => holds.test(command));
  expect(found).toHaveLength(1);
  return runPrinted(found[0] ?? '', { folder, lab: LAB });
};

/** As {@link printed}, for commands that must succeed: their stdout. */
const succeeds = async (holds: RegExp): Promise<string> => {
  const { status, stdout, stderr } = await printed(holds);
  expect(status, stderr).toBe(0);
  return stdout;
};

/** What the doctor finds without logging in anywhere. */
const doctorOf = async (words: readonly string[]): Promise<{ readonly findings: readonly Finding[] }> => {
  const done = await drover(['doctor', ...words, '-o', 'json', '-q'], folder);
  return JSON.parse(done.stdout) as { readonly findings: readonly Finding[] };
};

const inventory = (): Promise<readonly string[]> =>
  Promise.all(HOSTS.map((host) => rootOn(LAB, host, NETWORK_INVENTORY, folder)));

const definition = (plural: string, kind: string): KubeObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.crd.projectcalico.org` },
  spec: {
    group: 'crd.projectcalico.org',
    scope: 'Cluster',
    names: { plural, kind, singular: kind.toLowerCase(), listKind: `${kind}List` },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
});

/** An object with a finalizer that nobody serves any more: it would keep its definition for ever. */
const pool: KubeObject = {
  apiVersion: 'crd.projectcalico.org/v1',
  kind: 'IPPool',
  metadata: { name: 'default-ipv4-ippool', finalizers: ['projectcalico.org/held'] },
  spec: { cidr: '192.168.0.0/16', ipipMode: 'Always' },
};

const annotationsOf = async (node: string): Promise<readonly string[]> =>
  Object.keys(value(await kube.get({ resource: NODES, name: node })).metadata.annotations ?? {}).filter(
    (key) => /calico|flannel/.test(key),
  );

const plantObjects = async (): Promise<void> => {
  for (const one of [
    definition('ippools', 'IPPool'),
    definition('felixconfigurations', 'FelixConfiguration'),
  ])
    value(await kube.create({ resource: DEFINITIONS }, one));
  await expect
    .poll(async () => (await kube.create({ resource: POOLS }, pool)).ok, { timeout: 300_000 })
    .toBe(true);
  const patch = { metadata: { annotations: { 'projectcalico.org/IPv4Address': '10.94.0.21/24' } } };
  value(
    await kube.patch({ resource: NODES, name: 'agent-1' }, patch, { type: 'merge', fieldManager: 'test' }),
  );
};

/** Each pod asks the other one over and over, without a pause between the questions. */
const PROBE = (to: string): string =>
  `while :; do if wget -q -T 2 -O /dev/null http://${to}:8080/; then echo + >>/tmp/asked; else echo - >>/tmp/asked; fi; usleep 50000; done`;
const SERVE = 'mkdir /tmp/w; hostname >/tmp/w/index.html; exec httpd -f -p 8080 -h /tmp/w';
const PODS: readonly (readonly [string, string])[] = [
  ['left', 'server-1'],
  ['right', 'agent-1'],
];

/** What both pods were answered, since they were asked last. */
const asked = async (): Promise<{ readonly answers: readonly number[]; readonly lost: number }> => {
  const texts = await Promise.all(
    PODS.map(([name]) => inPod(kube, name, 'mv /tmp/asked /tmp/seen 2>/dev/null; cat /tmp/seen')),
  );
  const count = (sign: string) => texts.map(({ text }) => text.split(sign).length - 1);
  return { answers: count('+'), lost: count('-').reduce((sum, each) => sum + each, 0) };
};

const startProbes = async (): Promise<void> => {
  const made = await Promise.all(PODS.map(([name, node]) => runPod(kube, { name, node, command: SERVE })));
  const addresses = made.map(({ status }) => (status as { readonly podIP: string }).podIP);
  for (const [at, [name]] of PODS.entries()) {
    const ask = `(${PROBE(addresses[1 - at] ?? '')}) >/dev/null 2>&1 &`;
    await inPod(kube, name, ask);
  }
  await expect
    .poll(async () => (await inPod(kube, 'right', 'grep -c + /tmp/asked')).text, { timeout: 300_000 })
    .toMatch(/^[1-9]/);
  await asked();
};

/** Runs something, and says that no question between the pods went without an answer meanwhile. */
const uncut = async <T>(work: () => Promise<T>): Promise<T> => {
  await asked();
  const result = await work();
  await expect.poll(async () => (await inPod(kube, 'left', 'grep -c + /tmp/asked')).status).toBe(0);
  const { answers, lost } = await asked();
  for (const each of answers) expect(each).toBeGreaterThan(5);
  expect(lost).toBe(0);
  return result;
};

beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: '10.94.0', servers: 1, agents: 1 });
  await must(['lab', 'up', '--cluster', '--timeout', '600'], folder);
  kube = await kubeOf(LAB, folder);
  transport = await labTransport(LAB);
});
afterAll(async () => {
  await transport[Symbol.asyncDispose]();
  kube.close();
  await drover(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true });
});

describe('steps that change the network of a host', () => {
  const stage = (host: 'server-1' | 'agent-1') => ({
    transport,
    target: host === 'server-1' ? SERVER : AGENT,
    role: host === 'server-1' ? ('server' as const) : ('agent' as const),
    kube: () => Promise.resolve(kube),
  });

  it.each(cniCases)(
    '$step.id is planned, broken, killed at each of its changes, and taken back',
    async (one) => {
      const bench = cniBench(stage('agent-1'), one);
      if (one.prepare !== undefined) await bench.host(one.prepare);
      const after = await expectRoundTrip(bench);
      const before = await bench.snapshot();
      const killed = nextRun();
      expect(await expectCutsSurvived(bench, killed)).toBeGreaterThanOrEqual(1);
      expect(await bench.snapshot()).toBe(after);
      await expectBroken(bench, one.sabotage);
      await bench.undo(killed, { overwrite: true });
      expect(await bench.snapshot()).toBe(before);
      if (one.cleanup !== undefined) await bench.host(one.cleanup);
    },
  );

  it('the bypass stands before Flannel’s rule, comes back there when K3s writes its rules anew, and after a restart', async () => {
    const [bypass] = cniCases;
    if (bypass === undefined) throw new Error('no case');
    const bench = cniBench(stage('agent-1'), bypass);
    const run = nextRun();
    performed(await bench.attempt({ run }));
    const first = () => bench.host(BYPASSED);
    expect(await first()).toBe('bypass flannel\n');
    await bench.host(
      'iptables -t nat -F POSTROUTING; iptables -t nat -A POSTROUTING -j FLANNEL-POSTRTG; systemctl restart k3s-agent',
    );
    await expect.poll(first, { timeout: 300_000 }).toBe('bypass flannel\n');
    await must(['lab', 'crash', 'agent-1', '--lab', LAB], folder);
    await must(['lab', 'start', 'agent-1', '--lab', LAB], folder);
    await expect.poll(first, { timeout: 300_000 }).toBe('bypass flannel\n');
    await bench.undo(run, { overwrite: true });
    expect(await first()).toBe('flannel\n');
  });

  it('what a change could lose is saved, with a snapshot of etcd, and forgotten by going back', async () => {
    value(
      await kube.create({ resource: PODS_OF_TEST, namespace: 'default' }, barePod(await image('busybox'))),
    );
    const bench = cniBench(
      stage('server-1'),
      { step: cniSave, params: { change: 'test' }, sabotage: '' },
      SAVED,
    );
    const before = await bench.snapshot();
    await expectPlanning(bench);
    const run = nextRun();
    expect(performed(await bench.attempt({ run, cutAt: 99 })).proof).toMatch(
      /^a snapshot of etcd, 1 bare pod, 0 NetworkPolicies.* in \/var\/lib\/drover\/exports\//,
    );
    const saved = await bench.snapshot();
    expect(saved).toContain('"name":"alone"');
    expect(saved).toMatch(/drover-[0-9a-f]{12}-server-1-\d+/);
    expect(saved).toMatch(/# iptables-nft[^]*FLANNEL-POSTRTG[^]*# links[^]*flannel\.1/);
    await bench.undo(run);
    expect(await bench.snapshot()).toBe(before);
  });
});

describe('what attempts with Calico, Cilium and another Flannel left on a cluster that works', () => {
  it('lies on hosts whose pods answer each other all the same', async () => {
    await startProbes();
    clean = await inventory();
    await Promise.all(HOSTS.map((host, at) => rootOn(LAB, host, plantOldNetworks(at + 1), folder)));
    await plantObjects();
    planted = await inventory();
    expect(planted[0]?.split('\n').length).toBeGreaterThan((clean[0] ?? '').split('\n').length + 60);
  });

  it('is told per host with the step that removes it, and nothing is said of the network in use', async () => {
    expect((await printed(/ doctor /)).stdout).toContain('calico-leftovers');
    const { findings } = await doctor(LAB, folder, ['--passive']);
    const left = findings.filter(({ fix }) => fix.kind === 'step' && fix.step.startsWith('cni.clean'));
    for (const code of ['calico-leftovers', 'cilium-leftovers', 'flannel-leftovers'])
      expect(left.find((finding) => finding.code === code)?.hosts).toEqual([...HOSTS].sort());
    const texts = left.flatMap(({ evidence }) => evidence.map(({ text }) => text)).join('\n');
    expect(texts).not.toMatch(/flannel\.1|cni0|FLANNEL-|flannel\.alpha/);
  });

  it('is told of the cluster by its API alone', async () => {
    const { findings } = await doctorOf(['--kubeconfig', labPaths(process.env, LAB).kubeconfig]);
    const left = findings.filter(({ code }) => code === 'network-objects-left');
    expect(left.map(({ title }) => title)).toEqual(['Calico has objects in the cluster, which no host uses']);
    expect(left[0]?.fix).toMatchObject({ kind: 'step', step: 'cni.clean-objects' });
  });

  it('is planned by a dry run, which changes nothing', async () => {
    const shown = await succeeds(/ clean cni .*--dry-run/);
    for (const host of HOSTS) expect(shown).toContain(host);
    expect(shown).toMatch(/calico: 4 ipsets/);
    expect(shown).toMatch(/2 definitions with all their objects/);
    expect(shown).not.toMatch(/flannel\.1|cni0|FLANNEL-/);
    expect(await inventory()).toEqual(planted);
  });

  it('goes without a single question between pods unanswered, and the hosts are as before it came', async () => {
    await uncut(() => succeeds(/ clean cni .*--yes/));
    expect(await inventory()).toEqual(clean);
    expect((await kube.get({ resource: DEFINITIONS, name: 'ippools.crd.projectcalico.org' })).ok).toBe(false);
    const kept = await annotationsOf('agent-1');
    expect(kept.filter((key) => key.includes('calico'))).toEqual([]);
    expect(kept.some((key) => key.includes('flannel'))).toBe(true);
    const { findings } = await doctor(LAB, folder, ['--passive']);
    expect(findings.filter(({ fix }) => fix.kind === 'step' && fix.step.startsWith('cni.clean'))).toEqual([]);
    expect(await succeeds(/ clean cni .*--yes/)).toContain('No changes');
  });

  it('comes back by rollback, with objects and to the place of each rule, and nothing is cut either', async () => {
    await uncut(() => succeeds(/ rollback /));
    expect(await inventory()).toEqual(planted);
    await expect
      .poll(async () => kube.get({ resource: POOLS, name: 'default-ipv4-ippool' }), { timeout: 300_000 })
      .toMatchObject({ ok: true, value: { spec: { cidr: '192.168.0.0/16', ipipMode: 'Always' } } });
    expect(await annotationsOf('agent-1')).toContain('projectcalico.org/IPv4Address');
  });
});
