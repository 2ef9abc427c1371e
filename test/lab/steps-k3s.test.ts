import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../src/core/canonical.js';
import type { Kube, KubeObject } from '../../src/core/ports/kube.js';
import type { HostTarget } from '../../src/core/ports/transport.js';
import type { Goal } from '../../src/plan/goal.js';
import { k3sBinary } from '../../src/steps/k3s/binary.js';
import { k3sConfig } from '../../src/steps/k3s/config.js';
import { k3sDrain } from '../../src/steps/k3s/drain.js';
import { k3sImages } from '../../src/steps/k3s/images.js';
import { k3sNode } from '../../src/steps/k3s/node.js';
import { k3sRemoveNode } from '../../src/steps/k3s/remove-node.js';
import { k3sAgent, k3sServer } from '../../src/steps/k3s/service.js';
import { k3sStartTogether } from '../../src/steps/k3s/start-together.js';
import { k3sUninstall } from '../../src/steps/k3s/uninstall.js';
import type { AnyStep } from '../../src/steps/step.js';
import {
  type Bench,
  contractBench,
  expectBroken,
  expectCutsSurvived,
  expectHeld,
  expectPlanning,
  expectUndone,
  expectWholeContract,
  nextRun,
  performed,
  prove,
} from '../steps/contract.js';
import type { Stage } from '../steps/contract-bench.js';
import { INSTALLED_SNAPSHOT, K3S_SNAPSHOT } from '../steps/host-snapshot.js';
import { buildGoals } from './support/build-goals.js';
import { must, specFolder } from './support/cli.js';
import { eventually, holds, image, kubeOf, NODES, PODS, value } from './support/cluster.js';
import { guardedPods } from './support/guarded-pods.js';
import { labTransport } from './support/transport.js';

const LAB = 'steps-k3s';
const SERVER: HostTarget = { name: 'server-1', address: '10.95.0.11' };
const AGENT: HostTarget = { name: 'agent-1', address: '10.95.0.21' };

const SECRETS = { 'server-token': 'server-token-of-tests', 'agent-token': 'agent-token-of-tests' };

/** Pods of add-ons would need images that the steps do not. */
const NO_ADDONS = `  addons:
    coredns: { enabled: false }
    metricsServer: { enabled: false }
    localPath: { enabled: false }`;

let folder: string;
let transport: Awaited<ReturnType<typeof labTransport>>;
let goals: readonly Goal[];
/** One client for the life of one cluster. */
let api: Promise<Kube> | undefined;
const kube = (): Promise<Kube> => (api ??= kubeOf(LAB, folder));

beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: '10.95.0', servers: 1, agents: 1, more: NO_ADDONS });
  await must(['lab', 'up'], folder);
  transport = await labTransport(LAB);
  goals = await buildGoals({ lab: LAB, folder, transport, server: SERVER, agent: AGENT });
});
afterAll(async () => {
  (await api?.catch(() => undefined))?.close();
  await transport[Symbol.asyncDispose]();
  await must(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true, force: true });
});

const paramsOf = (step: AnyStep, { name }: HostTarget): Json => {
  const goal = goals.find((one) => one.step === step && one.host === name);
  if (goal === undefined) throw new Error(`no goal ${step.id} for ${name}`);
  return goal.params;
};

/** A step on a host as the build has it. */
const onHost = (
  step: AnyStep,
  target: HostTarget,
  given: Pick<Stage, 'snapshot'> & { params?: Json } = {},
) => {
  const stage: Stage = {
    transport,
    target,
    role: target === SERVER ? 'server' : 'agent',
    snapshot: given.snapshot ?? K3S_SNAPSHOT,
    secrets: SECRETS,
    kube,
  };
  return contractBench(stage, { step, params: given.params ?? paramsOf(step, target), sabotage: '' });
};

const kubectl = (command: string): Promise<string> =>
  onHost(k3sServer, SERVER).host(`k3s kubectl ${command}`);

/** The agent's node as the API shows it, without what its kubelet writes. */
const nodeSnapshot = async (): Promise<string> => {
  const found = await (await kube()).get({ resource: NODES, name: AGENT.name });
  if (!found.ok) return found.error.kind;
  const { labels, annotations } = found.value.metadata;
  return JSON.stringify([labels, annotations?.['drover.dev/owned'], found.value['spec']], null, 2);
};

/** A step on the agent's node. */
const onNode = (step: AnyStep, params: Json) =>
  contractBench(
    { transport, target: AGENT, role: 'agent', at: SERVER, snapshot: nodeSnapshot, kube },
    { step, params, sabotage: '' },
  );

/** What breaks a result, and what mends it again. */
type Sabotage = readonly [breaks: string, mends: string];

interface InstallCase {
  readonly step: AnyStep;
  /** As many as the step makes changes that last longer than a connection. */
  readonly cuts: number;
  readonly sabotages: readonly Sabotage[];
}

const DROP_IN = '/etc/rancher/k3s/config.yaml.d/50-drover.yaml';

const binary: InstallCase = {
  step: k3sBinary,
  cuts: 2,
  sabotages: [
    ['printf x >>/usr/local/bin/k3s', 'truncate -s -1 /usr/local/bin/k3s'],
    ['rm /usr/local/bin/crictl', 'ln -s k3s /usr/local/bin/crictl'],
    ['chmod a-x /usr/local/bin/k3s-killall.sh', 'chmod a+x /usr/local/bin/k3s-killall.sh'],
  ],
};
const config: InstallCase = {
  step: k3sConfig,
  cuts: 2,
  sabotages: [
    [`sed -i s/server-1/server-9/ ${DROP_IN}`, `sed -i s/server-9/server-1/ ${DROP_IN}`],
    ['chmod 644 /etc/rancher/k3s/drover-server-token', 'chmod 600 /etc/rancher/k3s/drover-server-token'],
  ],
};
const images: InstallCase = {
  step: k3sImages,
  cuts: 2,
  sabotages: [['printf x >>/var/lib/rancher/k3s/agent/images/pause.tar', 'true']],
};

/** Each on one of the hosts: what the other role has is made by the same code. */
const installs = [
  { target: SERVER, cases: [binary, config] },
  { target: AGENT, cases: [images] },
];

describe.concurrent.each(installs)('installing on $target.name', ({ target, cases }) => {
  it.each(cases.map((one) => ({ id: one.step.id, ...one })))(
    '$id is planned, broken, taken back, killed at each of its changes and gone on with',
    { concurrent: false },
    async ({ step, cuts, sabotages }) => {
      const bench = onHost(step, target);
      const before = await bench.snapshot();
      await expectPlanning(bench);
      const run = nextRun();
      performed(await bench.attempt({ run }));
      const after = await bench.snapshot();
      await expectHeld(bench);
      for (const [breaks, mends] of sabotages) {
        await expectBroken(bench, breaks);
        await bench.host(mends);
      }
      await bench.undo(run, { overwrite: true });
      expect(await bench.snapshot()).toBe(before);
      const killed = nextRun();
      expect(await expectCutsSurvived(bench, killed)).toBeGreaterThanOrEqual(cuts);
      expect(await bench.snapshot()).toBe(after);
      await expectUndone(bench, { run: killed, before });
    },
  );
});

/** Runs that stay until all of them are taken back in the end, the last one first. */
let bare: string;
const stays: { readonly bench: Bench; readonly run: string }[] = [];

const stay = async (bench: Bench): Promise<void> => {
  const run = nextRun();
  performed(await bench.attempt({ run }));
  stays.push({ bench, run });
};

/** The node of the agent, when it takes pods. */
const agentReady = async (): Promise<KubeObject> => {
  const nodes = await eventually(await kube(), NODES, (all) => {
    const node = all.get(AGENT.name);
    const { taints } = (node?.['spec'] ?? {}) as { readonly taints?: readonly object[] };
    return holds(node, 'Ready') && taints === undefined;
  });
  const node = nodes.get(AGENT.name);
  if (node === undefined) throw new Error('no node');
  return node;
};

const removeAgent = async () => {
  const { uid = '' } = (await agentReady()).metadata;
  return onNode(k3sRemoveNode, { node: AGENT.name, uid, server: false, address: AGENT.address });
};

describe('running', () => {
  beforeAll(async () => {
    bare = await onHost(k3sBinary, SERVER).snapshot();
    await Promise.all(
      [SERVER, AGENT].map(async (target) => {
        for (const step of [k3sBinary, k3sConfig, k3sImages]) await stay(onHost(step, target));
      }),
    );
  });

  it('a server is founded, taken back without a trace, killed while it starts, and gone on with', async () => {
    const bench = onHost(k3sServer, SERVER);
    const before = await bench.snapshot();
    await expectPlanning(bench);
    const run = nextRun();
    performed(await bench.attempt({ run }));
    await expectHeld(bench);
    await expectUndone(bench, { run, before });
    const killed = nextRun();
    expect(await expectCutsSurvived(bench, killed)).toBe(2);
    stays.push({ bench, run: killed });
    expect((await kubectl('get nodes -o name')).trim()).toBe('node/server-1');
    await expectBroken(bench, 'systemctl stop k3s');
  });

  it('servers that stand still are started together, also by a run that is killed meanwhile', async () => {
    const servers = [paramsOf(k3sServer, SERVER)];
    const bench = onHost(k3sStartTogether, SERVER, { params: { servers }, snapshot: INSTALLED_SNAPSHOT });
    await expectPlanning(bench);
    expect(await expectCutsSurvived(bench, nextRun())).toBe(1);
    await expectHeld(bench);
    await expectBroken(bench, 'systemctl stop k3s');
    await stay(onHost(k3sServer, SERVER));
  });

  it('an agent joins, is taken back without a trace, killed while it starts, and gone on with', async () => {
    const bench = onHost(k3sAgent, AGENT);
    const before = await bench.snapshot();
    await expectPlanning(bench);
    const run = nextRun();
    performed(await bench.attempt({ run }));
    await expectHeld(bench);
    const leaves = await removeAgent();
    await expectUndone(bench, { run, before });
    performed(await leaves.attempt({ run: nextRun() }));
    expect(await expectCutsSurvived(bench, nextRun())).toBe(2);
    await agentReady();
    await expectBroken(bench, 'systemctl disable -q k3s-agent');
    performed(await bench.attempt({ run: nextRun() }));
  });

  it('a node is labelled and tainted, whenever the run is killed, and is as it was afterwards', async () => {
    await agentReady();
    const taints = [{ key: 'heavy', value: 'yes', effect: 'NoSchedule' }];
    const bench = onNode(k3sNode, { node: AGENT.name, labels: { disk: 'slow' }, taints });
    const before = await nodeSnapshot();
    await expectPlanning(bench);
    const run = nextRun();
    performed(await bench.attempt({ run }));
    const after = await nodeSnapshot();
    await expectHeld(bench);
    await expectUndone(bench, { run, before });
    const killed = nextRun();
    expect(await expectCutsSurvived(bench, killed)).toBe(1);
    expect(await nodeSnapshot()).toBe(after);
    await expectBroken(bench, 'k3s kubectl label node agent-1 disk-');
    await bench.undo(killed);
    expect(await nodeSnapshot()).toBe(before);
  });
});

const VOLUME = `
apiVersion: v1
kind: PersistentVolume
metadata: { name: here-alone }
spec:
  capacity: { storage: 1Gi }
  accessModes: [ReadWriteOnce]
  local: { path: /srv }
  nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: kubernetes.io/hostname, operator: In, values: [agent-1] }] }] } }`;

const BARE = `
apiVersion: v1
kind: Pod
metadata: { name: bare, namespace: default }
spec: { nodeName: agent-1, terminationGracePeriodSeconds: 0, containers: [{ name: main, image: IMAGE, command: [sleep, "86400"] }] }`;

const applied = async (text: string): Promise<string> =>
  kubectl(`apply -f - <<'END'\n${text.replaceAll('IMAGE', await image('busybox'))}\nEND`);

/** Waits until both pods of the Deployment are ready on the agent. */
const bothOnAgent = async (): Promise<void> => {
  await eventually(
    await kube(),
    PODS,
    (pods) => {
      const here = [...pods.values()].filter(
        (pod) => holds(pod, 'Ready') && (pod['spec'] as { nodeName?: string }).nodeName === AGENT.name,
      );
      return here.length === 2 && pods.size === 2;
    },
    { namespace: 'default' },
  );
};

describe('leaving', () => {
  const drain = () => onNode(k3sDrain, { node: AGENT.name, limitSeconds: 60 });
  const uninstall = () =>
    onHost(k3sUninstall, AGENT, {
      params: { node: AGENT.name, address: AGENT.address },
      snapshot: INSTALLED_SNAPSHOT,
    });

  beforeAll(async () => {
    await agentReady();
    await applied(guardedPods('web', AGENT.name, 'IMAGE'));
    await bothOnAgent();
  });

  it('is refused, and nothing touched, while the node has what would be lost', async () => {
    const before = await nodeSnapshot();
    await applied(VOLUME);
    expect((await drain().plan()).map(({ kind }) => kind)).toEqual(['warn', 'run']);
    expect(await drain().attempt({ run: nextRun() })).toMatchObject({ error: { code: 'k3s-data-on-node' } });
    await kubectl('delete pv here-alone --wait=true');
    await applied(BARE);
    expect(await drain().attempt({ run: nextRun() })).toMatchObject({ error: { code: 'k3s-bare-pods' } });
    await kubectl('delete pod bare --wait=true');
    const data = '/var/lib/rancher/k3s/storage';
    const on = uninstall();
    await on.host(`mkdir -p ${data}/pvc-1 && echo precious >${data}/pvc-1/data`);
    expect(await on.attempt({ run: nextRun() })).toMatchObject({ error: { code: 'k3s-data-on-node' } });
    expect(await on.host(`cat ${data}/pvc-1/data; systemctl is-active k3s-agent`)).toBe('precious\nactive\n');
    await on.host(`rm -r ${data}`);
    expect(await nodeSnapshot()).toBe(before);
  });

  it('a node is drained, killed at every eviction and gone on with, and takes pods again afterwards', async () => {
    const bench = drain();
    const before = await nodeSnapshot();
    await expectPlanning(bench);
    const killed = nextRun();
    // After the node was cordoned, and in the midst of the evictions, of which the budget allows one at a time.
    expect(await expectCutsSurvived(bench, killed)).toBeGreaterThanOrEqual(2);
    const after = await nodeSnapshot();
    performed(await bench.attempt({ run: nextRun() }));
    expect([bench.changes(), await nodeSnapshot()]).toEqual([0, after]);
    prove(bench, 'again');
    await expectBroken(bench, 'k3s kubectl uncordon agent-1');
    await bench.host('k3s kubectl cordon agent-1');
    await expectUndone(bench, { run: killed, before });
  });

  it('K3s is removed, also by a run that is killed meanwhile, and stays removed', async () => {
    performed(await drain().attempt({ run: nextRun() }));
    const bench = uninstall();
    await expectPlanning(bench);
    expect(await expectCutsSurvived(bench, nextRun())).toBe(1);
    await expectHeld(bench);
    await expectBroken(bench, 'printf "#!/bin/sh\n" >/usr/local/bin/k3s');
    performed(await bench.attempt({ run: nextRun() }));
    expect(
      await bench.host('ls /usr/local/bin /etc/systemd/system; pgrep -a containerd || true'),
    ).not.toMatch(/k3s/);
  });

  it('the node is taken out, also by a run that is killed meanwhile, and stays out', async () => {
    const { uid = '' } = value(await (await kube()).get({ resource: NODES, name: AGENT.name })).metadata;
    const bench = onNode(k3sRemoveNode, { node: AGENT.name, uid, server: false, address: AGENT.address });
    expect(await bench.verify()).toMatchObject({ ok: false });
    prove(bench, 'sabotage');
    await expectPlanning(bench);
    expect(await expectCutsSurvived(bench, nextRun())).toBe(1);
    await expectHeld(bench);
    expect((await kubectl('get nodes -o name')).trim()).toBe('node/server-1');
  });

  it('the server is taken back to what it was before it was installed', async () => {
    const all = stays.filter(({ bench: { target } }) => target === SERVER);
    for (const { bench, run } of all.reverse()) await bench.undo(run);
    expect(await onHost(k3sBinary, SERVER).snapshot()).toBe(bare);
  });
});

describe('the catalogue', () => {
  it('has no step of K3s that is not held to the whole contract here', () => {
    expectWholeContract('k3s.');
  });
});
