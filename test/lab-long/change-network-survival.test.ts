import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../src/core/canonical.js';
import type { Kube } from '../../src/core/ports/kube.js';
import type { HostTarget } from '../../src/core/ports/transport.js';
import { cniBypass } from '../../src/steps/cni/bypass.js';
import type { RecipeInput } from '../../src/steps/cni/recipe.js';
import { recipes } from '../../src/steps/cni/recipes.js';
import { cniSwitch } from '../../src/steps/cni/switch.js';
import { cniUp } from '../../src/steps/cni/up.js';
import { refIn } from '../../src/steps/objects/refs.js';
import type { AnyStep } from '../../src/steps/step.js';
import { must, specFolder } from '../lab/support/cli.js';
import {
  alive,
  eventually,
  holds,
  image,
  kubeOf,
  matrix,
  PODS,
  rootOn,
  value,
} from '../lab/support/cluster.js';
import { labTransport } from '../lab/support/transport.js';
import { applyObjects, barePod, template, workload } from '../lab/support/workloads.js';
import {
  contractBench,
  expectBroken,
  expectPlanning,
  expectUndone,
  nextRun,
  performed,
} from '../steps/contract.js';
import { K3S_CONF, recipeInput } from '../support/recipe-input.js';

const LAB = 'change-survival';
const NET = '10.69.0';
const HOSTS: readonly HostTarget[] = [
  { name: 'server-1', address: `${NET}.11` },
  { name: 'agent-1', address: `${NET}.21` },
  { name: 'agent-2', address: `${NET}.22` },
];
const NODES = HOSTS.map(({ name }) => name);
type HostName = 'server-1' | 'agent-1' | 'agent-2';

let folder: string;
let kube: Kube;
let transport: Awaited<ReturnType<typeof labTransport>>;
let input: RecipeInput;

const targetOf = (name: HostName): HostTarget => {
  const found = HOSTS.find((host) => host.name === name);
  if (found === undefined) throw new Error(`no host ${name}`);
  return found;
};

/** The configuration that counts, whether the node takes pods, and in which half of the range its pods are. */
const nodeSnapshot = (name: HostName) => async (): Promise<string> => {
  const confs = await rootOn(
    LAB,
    name,
    `ls ${K3S_CONF}; find /var/lib/drover/exports -path "*/bare-pods/*" 2>/dev/null || true`,
    folder,
  );
  const pods: string[] = [];
  for await (const page of kube.list(PODS, { fieldSelector: `spec.nodeName=${name}` }))
    for (const { metadata, spec, status } of value(page).items) {
      const { hostNetwork } = spec as { readonly hostNetwork?: boolean };
      const { podIP = '' } = status as { readonly podIP?: string };
      if (hostNetwork === true || metadata.namespace !== 'default') continue;
      const app = metadata.labels?.['app'] ?? metadata.name;
      pods.push(`${app} ${Number(podIP.split('.')[2]) >= 128 ? 'new' : 'former'}`);
    }
  const node = value(await kube.get({ resource: { group: '', version: 'v1', plural: 'nodes' }, name }));
  const { unschedulable = false } = node['spec'] as { readonly unschedulable?: boolean };
  return JSON.stringify(
    { confs: confs.split('\n'), pods: [...new Set(pods)].sort(), unschedulable },
    null,
    1,
  );
};

const bench = (step: AnyStep, name: HostName, params: Json) =>
  contractBench(
    {
      transport,
      target: targetOf(name),
      role: name === 'server-1' ? 'server' : 'agent',
      kube: () => Promise.resolve(kube),
      snapshot: nodeSnapshot(name),
    },
    { step, params, sabotage: '' },
  );

const moving = async (name: HostName, part: object = {}) =>
  bench(cniSwitch, name, {
    driver: 'lab-daemonset',
    input,
    node: name,
    cordon: true,
    prove: 'all',
    image: await image('busybox'),
    limitSeconds: 90,
    ...part,
  });

const kubectl = (command: string): Promise<string> =>
  rootOn(LAB, 'server-1', `k3s kubectl ${command}`, folder);

const applied = (...items: readonly object[]) => applyObjects(LAB, folder, items);

const ON_AGENT = { nodeSelector: { 'kubernetes.io/hostname': 'agent-1' } };
const WORKLOADS = [
  workload('DaemonSet', 'log'),
  workload('Deployment', 'web', template('web', { spec: ON_AGENT })),
  barePod('bare', 'agent-1'),
];

/** Gets ready only while a file is there. */
const GATED = workload(
  'Deployment',
  'gated',
  template('gated', {
    main: {
      command: ['sh', '-c', 'test -e /gate/open || echo the gate is shut; sleep 86400'],
      readinessProbe: { exec: { command: ['test', '-e', '/gate/open'] } },
      volumeMounts: [{ name: 'gate', mountPath: '/gate' }],
    },
    spec: { ...ON_AGENT, volumes: [{ name: 'gate', hostPath: { path: '/srv/gate' } }] },
  }),
);

const BUDGET = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'always-one', namespace: 'default' },
  spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
};

/** Pods of the workloads that are ready. */
const settled = async (): Promise<void> => {
  await eventually(
    kube,
    PODS,
    (pods) => pods.size === 5 && [...pods.values()].every((pod) => holds(pod, 'Ready')),
    {
      namespace: 'default',
      limitMs: 180_000,
    },
  );
};

const everyPair = async (): Promise<void> => {
  await expect.poll(async () => (await matrix(kube, NODES)).failed, { timeout: 180_000 }).toEqual([]);
};

/** The lab's network beside Flannel, as the plan puts it there. */
const putBeside = async (): Promise<void> => {
  const binDir = await rootOn(
    LAB,
    'agent-1',
    `sed -n 's/.*bin_dirs\\{0,1\\} *= *\\[\\{0,1\\}"\\([^"]*\\)".*/\\1/p' /var/lib/rancher/k3s/agent/etc/containerd/config.toml | head -n 1`,
    folder,
  );
  input = recipeInput({
    mtu: 1450,
    binDir,
    api: { host: `${NET}.11`, port: 6443 },
    nodes: HOSTS.map(({ name, address }) => ({ name, address })),
  });
  const set = recipes['lab-daemonset']?.set(input, []);
  const served = value(await kube.discover());
  for (const object of set?.objects ?? []) {
    const ref = refIn(served, object);
    if (ref === undefined) throw new Error(`${object.kind} is not served`);
    value(await kube.apply(ref, object, { fieldManager: 'drover', force: true }));
  }
};

beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: NET, servers: 1, agents: 2 });
  await must(['lab', 'up', '--cluster', '--timeout', '600'], folder);
  kube = await kubeOf(LAB, folder);
  transport = await labTransport(LAB);
  await applied(...WORKLOADS);
  await settled();
});
afterAll(async () => {
  kube.close();
  await transport[Symbol.asyncDispose]();
  await must(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true, force: true });
});

describe('nodes that move to a network beside the former one', () => {
  beforeAll(putBeside);

  it('have its agents, its device and its routes, and packets between pods that keep their addresses', async () => {
    const up = contractBench(
      { transport, target: targetOf('agent-1'), role: 'agent', kube: () => Promise.resolve(kube) },
      { step: cniUp, params: { driver: 'lab-daemonset', input, limitSeconds: 120 }, sabotage: '' },
    );
    expect(performed(await up.attempt({ run: nextRun() })).proof).toContain('labnet.1 and routes there');
    for (const name of ['server-1', 'agent-1', 'agent-2'] as const)
      performed(
        await bench(cniBypass, name, { pods: '10.42.0.0/16', present: true }).attempt({ run: nextRun() }),
      );
  });

  it('are planned, killed at each of their changes and gone on with, proven, and taken back with every pair answering', async () => {
    const move = await moving('agent-1');
    const before = await move.snapshot();
    await expectPlanning(move);
    const run = nextRun();
    // Cordoned; probes begin; the configuration is there; pods are away. Every effect is cut in the tests on fakes.
    for (const cutAt of [1, 4, 9, 14])
      expect(await move.attempt({ run, cutAt })).toMatchObject({ ok: false });
    performed(await move.attempt({ run }));
    expect(JSON.parse(await move.snapshot())).toMatchObject({
      confs: ['05-labnet.conflist', '10-flannel.conflist'],
      pods: ['bare new', 'log new', 'web new'],
      unschedulable: false,
    });
    await everyPair();
    performed(await move.attempt({ run: nextRun() }));
    expect(move.changes()).toBe(0);
    await expectBroken(move, `mv ${K3S_CONF}/05-labnet.conflist ${K3S_CONF}/05-labnet.off`);
    await move.host(`mv ${K3S_CONF}/05-labnet.off ${K3S_CONF}/05-labnet.conflist`);
    await expectUndone(move, { run, before });
    await everyPair();
  });

  it('wait for a person where a budget forbids, named, and are gone on with when it allows', async () => {
    await applied(BUDGET);
    const run = nextRun();
    const impatient = await moving('agent-1', { limitSeconds: 40 });
    expect(await impatient.attempt({ run })).toMatchObject({
      error: {
        class: 'person',
        code: 'cni-pods-guarded',
        cause: expect.stringMatching(/web-.*disruption budget always-one/i) as string,
      },
    });
    await everyPair();
    await kubectl('delete pdb always-one');
    performed(await impatient.attempt({ run }));
    await settled();
    await impatient.undo(run);
  });

  it('are put back with the reason of a pod that does not return', async () => {
    const move = await moving('agent-1', { limitSeconds: 45 });
    const before = await move.snapshot();
    await rootOn(LAB, 'agent-1', 'mkdir -p /srv/gate && touch /srv/gate/open', folder);
    await applied(GATED);
    await kubectl('wait --for=condition=Ready pod -l app=gated --timeout=300s');
    await rootOn(LAB, 'agent-1', 'rm /srv/gate/open', folder);
    expect(await move.attempt({ run: nextRun() })).toMatchObject({
      error: {
        code: 'cni-pod-not-recreated',
        message: expect.stringMatching(/^agent-1: the pod default\/gated-.* does not come back$/) as string,
        cause: expect.stringMatching(/the gate is shut[^]*back on the former network/) as string,
      },
    });
    await kubectl('delete deployment gated --wait=true');
    await expect.poll(move.snapshot, { timeout: 300_000 }).toBe(before);
    await everyPair();
  });

  it('are not moved when their network does not carry packets: nothing of the users is touched', async () => {
    const move = await moving('agent-1');
    const before = await move.snapshot();
    const uids = () => kubectl('get pods -n default -o jsonpath={.items[*].metadata.uid}');
    const pods = await uids();
    await rootOn(LAB, 'agent-1', 'iptables -I INPUT 1 -p udp --dport 4789 -j DROP', folder);
    expect(await move.attempt({ run: nextRun() })).toMatchObject({
      error: {
        code: 'cni-not-proven',
        cause: expect.stringContaining('back on the former network') as string,
      },
    });
    await rootOn(LAB, 'agent-1', 'iptables -D INPUT -p udp --dport 4789 -j DROP', folder);
    expect(await move.snapshot()).toBe(before);
    expect(await uids()).toBe(pods);
  });

  it('move while another node is dead, and all pairs answer when it is back; so they do after a power cut', async () => {
    await must(['lab', 'crash', 'agent-2', '--lab', LAB], folder);
    const move = await moving('agent-1');
    const run = nextRun();
    await expect
      .poll(() => kubectl(`get node agent-2 -o jsonpath='{.status.conditions[?(@.type=="Ready")].status}'`), {
        timeout: 180_000,
      })
      .toBe('Unknown');
    expect(performed(await move.attempt({ run })).proof).toContain('not required: agent-2');
    const since = Date.now();
    await must(['lab', 'start', 'agent-2', '--lab', LAB], folder);
    await alive(kube, NODES, since);
    await everyPair();
    const cut = Date.now();
    await must(['lab', 'crash', 'agent-1', '--lab', LAB], folder);
    await must(['lab', 'start', 'agent-1', '--lab', LAB], folder);
    await alive(kube, NODES, cut);
    await everyPair();
    await move.undo(run);
    await everyPair();
  });
});
