import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kube } from '../../src/core/ports/kube.js';
import type { Proof } from '../../src/verify/proof.js';
import { drover, must, specFolder } from './support/cli.js';
import { kubeOf, rootOn, value } from './support/cluster.js';

const LAB = 'test-monitoring';
const NET = '10.117.0';
/** Thresholds that the disk of the machine, which hosts share, never reaches; a lost node is told at once. */
const MORE = `  monitoring:
    enabled: true
    purpose: observability
    interval: 5s
    storage: 1Gi
    alerts: { nodeLostAfter: 10s, diskFree: 0.1, volumeFree: 0.1 }
    grafana: { adminPassword: { secret: grafana, key: admin-password } }
  secrets:
    declared: [{ name: grafana, keys: [admin-password] }]`;

let folder: string;
let kube: Kube;

beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: NET, servers: 1, agents: 1, more: MORE });
  // Prometheus is on the server, so that it sees the agent go.
  await respec((text) => text.replace('role: server }', 'role: server, purpose: observability }'));
  for (const name of ['prometheus', 'node-exporter', 'standin'])
    await must(['lab', 'build', '--only', name], folder);
  await must(['lab', 'up', '--timeout', '600'], folder);
}, 1_800_000);
afterAll(async () => {
  await drover(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true });
  kube.close();
});

const lab = (...command: readonly string[]) => drover([...command, '--lab', LAB], folder);

const respec = async (change: (text: string) => string): Promise<void> => {
  const file = join(folder, 'drover.yaml');
  await writeFile(file, change(await readFile(file, 'utf8')));
};

const proven = async (): Promise<Proof> => {
  const done = await lab('verify', '-o', 'json', '-q', '--timeout', '60s');
  return JSON.parse(done.stdout) as Proof;
};

/** Asks Prometheus, as people do: through the API. */
const ask = async (query: string): Promise<readonly Record<string, string>[]> => {
  const path = '/api/v1/namespaces/monitoring/services/prometheus:9090/proxy/api/v1/query';
  const answer = await kube.raw(`${path}?query=${encodeURIComponent(query)}`);
  if (!answer.ok) return [{ error: answer.error.message }];
  const { data } = JSON.parse(answer.value) as {
    readonly data: { readonly result: readonly { readonly metric: Record<string, string> }[] };
  };
  return data.result.map(({ metric }) => metric);
};

const lostNodes = async () =>
  (await ask('ALERTS{alertname="NodeLost",alertstate="firing"}')).map(({ node, error }) => node ?? error);

describe('monitoring on a new cluster', () => {
  it('comes with the cluster: real Prometheus and node_exporter, the rest stood in for and said', async () => {
    const plan = await lab('plan');
    expect(plan.stdout).not.toContain('spec.monitoring');
    expect(plan.stderr).toContain('in this lab Prometheus and node_exporter are real');
    const applied = await lab('apply', '--yes');
    expect(applied.status, `${applied.stdout}\n${applied.stderr}`).toBe(0);
    kube = await kubeOf(LAB, folder);
  });

  it('is proven: figures from every node, the API, etcd, DNS; every alert known, none fires; nothing left to do', async () => {
    const [{ results }, plan] = await Promise.all([proven(), lab('plan', '--detailed-exitcode')]);
    expect(plan.status, plan.stdout).toBe(0);
    const own = results.filter(({ check }) => check.startsWith('monitoring-'));
    expect(own.filter(({ status }) => status !== 'pass')).toEqual([]);
    const jobs = own.flatMap(({ check, to }) => (check === 'monitoring-targets' ? [to] : []));
    const wanted = [
      'apiserver',
      'cadvisor',
      'coredns',
      'etcd',
      'kubelet',
      'node-exporter',
      'pods',
      'prometheus',
    ];
    expect(jobs.toSorted()).toEqual(wanted);
    expect(results.filter(({ status }) => status === 'fail')).toEqual([]);
    // What alerts and dashboards look at is really there.
    for (const figure of [
      'etcd_server_has_leader == 1',
      'node_filesystem_avail_bytes{fstype!="tmpfs"}',
      'apiserver_client_certificate_expiration_seconds_count',
      'coredns_dns_responses_total',
      'container_memory_working_set_bytes{namespace="monitoring",container="",image="",pod=~"prometheus.*"}',
    ])
      await expect
        .poll(() => ask(figure).then(({ length }) => length), { timeout: 300_000 })
        .toBeGreaterThan(0);
  });

  it('tells that a node is lost, and that it is back', async () => {
    await rootOn(LAB, 'agent-1', 'systemctl stop k3s-agent', folder);
    await expect.poll(lostNodes, { timeout: 300_000, interval: 1000 }).toEqual(['agent-1']);
    await rootOn(LAB, 'agent-1', 'systemctl start k3s-agent', folder);
    await expect.poll(lostNodes, { timeout: 300_000, interval: 1000 }).toEqual([]);
  });

  it('goes again with the section, but for the disk with its figures', async () => {
    await respec((text) => text.replace('enabled: true', 'enabled: false'));
    // K3s on the only server starts again: etcd shows its figures no more.
    const applied = await lab('apply', '--yes', '--confirm', `lab/${LAB}/${LAB}`);
    expect(applied.status, `${applied.stdout}\n${applied.stderr}`).toBe(0);
    const pods = { group: 'apps', version: 'v1', plural: 'deployments' } as const;
    const rest = await kube.get({ resource: pods, namespace: 'monitoring', name: 'prometheus' });
    expect(rest).toMatchObject({ ok: false, error: { kind: 'not-found' } });
    const claims = { group: '', version: 'v1', plural: 'persistentvolumeclaims' } as const;
    value(await kube.get({ resource: claims, namespace: 'monitoring', name: 'prometheus' }));
    expect((await lab('plan', '--detailed-exitcode')).status).toBe(0);
  });
});
