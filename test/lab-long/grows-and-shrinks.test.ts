import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kube, KubeObject } from '../../src/core/ports/kube.js';
import { drover, must } from '../lab/support/cli.js';
import { eventually, holds, kubeOf, NODES, PODS, rootOn, value } from '../lab/support/cluster.js';
import { guardedPods } from '../lab/support/guarded-pods.js';
import { journeySpec, MEMBERS, startBalancer } from '../lab/support/journey-lab.js';
import { eventsOf, runIds } from '../lab/support/run-watch.js';

const LAB = 'grows';
const KUBECONFIG = 'grows.kubeconfig';

let kube: Kube;
let folder: string;
let retention = 5;

const guarded = (pods: ReadonlyMap<string, KubeObject>): readonly KubeObject[] =>
  [...pods.values()].filter((pod) => pod.metadata.labels?.['app'] === 'guarded' && holds(pod, 'Ready'));

/** The smallest number of guarded pods that were Ready at once until the signal aborts. */
const fewestReady = async (kube: Kube, signal: AbortSignal): Promise<number> => {
  const pods = new Map<string, KubeObject>();
  let fewest = Number.POSITIVE_INFINITY;
  for await (const event of kube.watch(PODS, { namespace: 'default', signal })) {
    const change = value(event);
    if (change.type === 'RELISTED') for (const pod of change.items) pods.set(pod.metadata.name, pod);
    else if (change.type === 'DELETED') pods.delete(change.object.metadata.name);
    else pods.set(change.object.metadata.name, change.object);
    fewest = Math.min(fewest, guarded(pods).length);
  }
  return fewest;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-grows-'));
  await writeFile(join(folder, 'drover.yaml'), journeySpec(LAB, { members: MEMBERS }));
  await must(['lab', 'up'], folder);
  await writeFile(join(folder, 'haproxy.cfg'), `${await must(['balancer'], folder)}\n`);
  await startBalancer(LAB, folder);
  await must(['apply', '--lab', LAB, '--yes'], folder);
  await writeFile(join(folder, KUBECONFIG), await must(['lab', 'kubeconfig', '--lab', LAB], folder));
  kube = await kubeOf(LAB, folder);
});
afterAll(async () => {
  kube.close();
  await drover(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true });
});

/** Applies the spec with these members; actions that cannot be taken back are agreed to. */
const become = async (members: readonly string[]): Promise<string> => {
  await writeFile(join(folder, 'drover.yaml'), journeySpec(LAB, { members, retention }));
  return must(['apply', '--lab', LAB, '--yes', '--confirm', `lab/${LAB}/${LAB}`], folder);
};

/** Names of the nodes that are Ready. */
const readyNodes = async (): Promise<readonly string[]> => {
  const nodes = await eventually(kube, NODES, (all) =>
    [...all.values()].every((node) => holds(node, 'Ready')),
  );
  return [...nodes.keys()].sort();
};

describe('a cluster that grows and shrinks', () => {
  it('takes two more agents in, labelled and tainted as the spec says', async () => {
    const plan = await become([...MEMBERS, 'agent-2', 'agent-3']);
    expect(plan).not.toMatch(/Start the K3s .* on server-/);
    expect(await readyNodes()).toEqual(['agent-1', 'agent-2', 'agent-3', 'server-1', 'server-2', 'server-3']);
    const node = value(await kube.get({ resource: NODES, name: 'agent-3' }));
    expect(node.metadata.labels).toMatchObject({ 'drover.dev/purpose': 'observability', disk: 'slow' });
    // The one by which Kubernetes keeps pods off a node that is only getting ready may be there a moment longer.
    const { taints } = node['spec'] as { readonly taints?: readonly object[] };
    expect(taints).toContainEqual({ key: 'heavy', value: 'yes', effect: 'NoSchedule' });
    expect(await become([...MEMBERS, 'agent-2', 'agent-3'])).toContain('No changes: ');
  });

  it('restarts its servers one after another for a new setting, under a guard that watches the API', async () => {
    retention = 6;
    const plan = await become([...MEMBERS, 'agent-2', 'agent-3']);
    expect(plan).toContain(
      '! guarded: the Kubernetes API answers, away for at most 2m00s at once; else stop',
    );
    const events = await eventsOf(LAB, (await runIds(LAB)).at(-1) ?? '');
    const told = events.flatMap((event) =>
      (event.type === 'action-intent' || event.type === 'action-done') &&
      event.action.startsWith('k3s.server/')
        ? [event.type]
        : [],
    );
    expect(told).toEqual(Array.from({ length: 3 }, () => ['action-intent', 'action-done']).flat());
    expect(events.filter(({ type }) => type === 'guard-breach')).toEqual([]);
    const kept = "grep -h 'etcd-snapshot-retention: 6' /etc/rancher/k3s/config.yaml.d/*";
    for (const server of ['server-1', 'server-2', 'server-3'])
      expect(await rootOn(LAB, server, kept, folder)).not.toBe('');
  });

  it('lets one go, with the budgets of its pods respected', async () => {
    const pods = guardedPods('guarded', 'agent-2', 'docker.io/rancher/mirrored-library-busybox:1.37.0');
    await rootOn(LAB, 'server-1', `k3s kubectl apply -f - <<'END'\n${pods}\nEND`, folder);
    await eventually(kube, PODS, (pods) => guarded(pods).length === 2, { namespace: 'default' });
    const lowest = new AbortController();
    const seen = fewestReady(kube, lowest.signal);
    const plan = await become([...MEMBERS, 'agent-3']);
    lowest.abort();
    expect(plan).toMatch(/- node agent-2/);
    expect(await seen).toBeGreaterThanOrEqual(1);
    expect(await readyNodes()).toEqual(['agent-1', 'agent-3', 'server-1', 'server-2', 'server-3']);
    const places = '/usr/local/bin/k3s /var/lib/rancher/k3s /etc/rancher/k3s /etc/systemd/system/k3s*';
    expect(await rootOn(LAB, 'agent-2', `ls -d ${places} 2>/dev/null || true`, folder)).toBe('');
  });

  it('replaces a server that was lost', async () => {
    await must(['lab', 'crash', 'server-1', '--lab', LAB], folder);
    await eventually(kube, NODES, (all) => !holds(all.get('server-1'), 'Ready'));
    const told = await drover(['doctor', '--kubeconfig', KUBECONFIG, '-o', 'json'], folder);
    expect(told.status).toBe(11);
    const { findings } = JSON.parse(told.stdout) as {
      readonly findings: readonly { readonly code: string }[];
    };
    expect(findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['cluster-node-not-ready', 'cluster-etcd-votes']),
    );
    const members = ['server-2', 'server-3', 'server-4', 'agent-1', 'agent-3'];
    const plan = await become(members);
    expect(plan).toContain('- etcd member of server-1');
    expect(await readyNodes()).toEqual([...members].sort());
    const nodes = await eventually(kube, NODES, (all) => holds(all.get('server-4'), 'EtcdIsVoter'));
    expect(['server-2', 'server-3'].every((name) => holds(nodes.get(name), 'EtcdIsVoter'))).toBe(true);
    expect(await become(members)).toContain('No changes: ');
  });
});
