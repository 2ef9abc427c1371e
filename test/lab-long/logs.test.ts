import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kube, KubeObject } from '../../src/core/ports/kube.js';
import { logsBoard } from '../../src/steps/monitoring/dashboards/logs.js';
import { type LogLine, parseLines } from '../../src/verify/logs.js';
import type { Proof } from '../../src/verify/proof.js';
import { drover, must, specFolder } from '../lab/support/cli.js';
import { eventually, holds, image, kubeOf, PODS, value } from '../lab/support/cluster.js';

const LAB = 'test-logs';
const NET = '10.119.0';
const NODES = ['agent-1', 'server-1'];
const MORE = `  monitoring:
    enabled: true
    purpose: observability
    interval: 5s
    storage: 1Gi
    alerts: { diskFree: 0.1, volumeFree: 0.1 }
    grafana: { enabled: false }
    logs: { enabled: false, storage: 1Gi, retention: 1d }`;

let folder: string;
let kube: Kube;

const respec = async (change: (text: string) => string): Promise<void> => {
  const file = join(folder, 'drover.yaml');
  await writeFile(file, change(await readFile(file, 'utf8')));
};
const lab = (...command: readonly string[]) => drover([...command, '--lab', LAB], folder);

beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: NET, servers: 1, agents: 1, more: MORE });
  await respec((text) => text.replace('role: server }', 'role: server, purpose: observability }'));
  for (const name of ['prometheus', 'node-exporter', 'standin', 'loki', 'otelcol'])
    await must(['lab', 'build', '--only', name], folder);
  await must(['lab', 'up', '--timeout', '600'], folder);
  await must(['apply', '--yes', '--lab', LAB], folder);
  kube = await kubeOf(LAB, folder);
}, 2_400_000);
afterAll(async () => {
  await drover(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true });
  kube.close();
});

/** Asks Loki, as people do: through the API. */
const ask = (path: string, parameters: Record<string, string>) =>
  kube.raw(
    `/api/v1/namespaces/monitoring/services/loki:3100/proxy${path}?${new URLSearchParams(parameters).toString()}`,
  );

const linesOf = async (query: string): Promise<readonly LogLine[]> => {
  const answer = await ask('/loki/api/v1/query_range', { query, since: '1h', limit: '5000' });
  return answer.ok ? parseLines(answer.value) : [];
};

/** Counts, five lines a second, as long as it lives. */
const COUNT =
  'i=0; while true; do for n in 1 2 3 4 5; do i=$((i+1)); echo "line $i"; done; echo "error: broken" >&2; sleep 1; done';

const writer = async (node: string): Promise<KubeObject> => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `writer-${node}`, namespace: 'default' },
  spec: {
    nodeName: node,
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'app', image: await image('busybox'), command: ['sh', '-c', COUNT] }],
  },
});

const numbersOf = async (node: string): Promise<readonly number[]> =>
  (await linesOf(`{namespace="default", pod="writer-${node}"} |= "line "`)).map(({ text }) =>
    Number(text.replace('line ', '')),
  );

/** The numbers up to one, each once: nothing is missing and nothing there twice. */
const upTo = async (node: string, last: number): Promise<readonly number[]> =>
  (await numbersOf(node)).filter((number) => number <= last).toSorted((a, b) => a - b);
const counted = (last: number): readonly number[] => Array.from({ length: last }, (_, index) => index + 1);

const isOf = (name: string, pod: KubeObject): boolean =>
  pod.metadata.labels?.['app.kubernetes.io/name'] === name;

/** Ends pods of a part, and waits until others are Ready in their place. */
const restart = async (name: string): Promise<void> => {
  const before = [...(await eventually(kube, PODS, () => true, { namespace: 'monitoring' })).values()].filter(
    (pod) => isOf(name, pod),
  );
  for (const { metadata } of before)
    value(await kube.delete({ resource: PODS, namespace: 'monitoring', name: metadata.name }));
  const old = new Set(before.map(({ metadata }) => metadata.uid));
  await eventually(
    kube,
    PODS,
    (pods) => {
      const now = [...pods.values()].filter((pod) => isOf(name, pod));
      return (
        now.length === before.length && now.every((pod) => !old.has(pod.metadata.uid) && holds(pod, 'Ready'))
      );
    },
    { namespace: 'monitoring', limitMs: 180_000 },
  );
};

describe('logs on a running cluster', () => {
  it('come with the next plan, and leave nothing to do', async () => {
    await respec((text) => text.replace('logs: { enabled: false', 'logs: { enabled: true'));
    const plan = await lab('plan');
    for (const set of ['monitoring/loki', 'monitoring/otelcol', 'monitoring/prometheus'])
      expect(plan.stdout).toContain(set);
    const applied = await lab('apply', '--yes');
    expect(applied.status, `${applied.stdout}\n${applied.stderr}`).toBe(0);
    expect((await lab('plan', '--detailed-exitcode')).status).toBe(0);
  });

  it('are proven: what a pod of every node wrote is in Loki, and Prometheus looks at both', async () => {
    const done = await lab('verify', '-o', 'json', '-q', '--timeout', '60s');
    const { results } = JSON.parse(done.stdout) as Proof;
    expect(results.filter(({ status }) => status === 'fail')).toEqual([]);
    const logs = results.filter(({ check }) => check === 'monitoring-logs');
    expect(logs.map(({ node, status }) => `${node}: ${status}`).toSorted()).toEqual(
      NODES.map((node) => `${node}: pass`),
    );
    const jobs = results.flatMap(({ check, to }) => (check === 'monitoring-targets' ? [to] : []));
    expect(jobs).toEqual(expect.arrayContaining(['loki', 'otelcol']));
  });

  it('have the labels that lines are found by and no others, and how bad each is', async () => {
    for (const node of NODES)
      value(await kube.create({ resource: PODS, namespace: 'default' }, await writer(node)));
    for (const node of NODES) {
      const query = `{namespace="default", pod="writer-${node}"}`;
      await expect
        .poll(() => linesOf(query).then(({ length }) => length), { timeout: 300_000 })
        .toBeGreaterThan(0);
      const [line] = await linesOf(`${query} |= "line "`);
      expect(line?.labels).toMatchObject({ container: 'app', node, stream: 'stdout' });
      const [bad] = await linesOf(`${query} | detected_level="error"`);
      expect(bad).toMatchObject({ text: 'error: broken', labels: { stream: 'stderr' } });
    }
    const labels = JSON.parse(value(await ask('/loki/api/v1/labels', {}))) as {
      readonly data: readonly string[];
    };
    expect(labels.data.toSorted()).toEqual(['container', 'namespace', 'node', 'pod']);
  });

  it('miss and repeat nothing when collectors start again, and when Loki does', async () => {
    await restart('otelcol');
    await restart('loki');
    await restart('otelcol');
    for (const node of NODES) {
      const seen = async () => Math.max(0, ...(await numbersOf(node)));
      await expect.poll(seen, { timeout: 300_000 }).toBeGreaterThan(0);
      const last = (await seen()) + 25;
      await expect.poll(seen, { timeout: 300_000 }).toBeGreaterThan(last);
      await expect.poll(() => upTo(node, last), { timeout: 300_000 }).toEqual(counted(last));
    }
  });

  it('are what the dashboard asks for: Loki understands every query of it', async () => {
    const queries = logsBoard.panels.flatMap(({ from, queries: own }) => (from === 'loki' ? own : []));
    expect(queries.length).toBeGreaterThan(3);
    for (const { expr } of queries) {
      const query = expr.replaceAll('$namespace', 'default').replaceAll('$__auto', '1m');
      const answer = await ask('/loki/api/v1/query_range', { query, since: '10m', limit: '10' });
      expect(answer, query).toMatchObject({ ok: true });
      const { data } = JSON.parse(value(answer)) as {
        readonly data: { readonly result: readonly unknown[] };
      };
      expect(data.result.length, query).toBeGreaterThan(0);
    }
  });

  it('go when the run is taken back, and Prometheus looks at them no more', async () => {
    const unnamed = await lab('rollback', '--yes');
    expect(unnamed.status).not.toBe(0);
    expect(unnamed.stdout).toContain('deletes the volumes of monitoring/loki');
    const back = await lab('rollback', '--yes', '--confirm', `lab/${LAB}/${LAB}`);
    expect(back.status, `${back.stdout}\n${back.stderr}`).toBe(0);
    const apps = { group: 'apps', version: 'v1' } as const;
    for (const [plural, name] of [
      ['statefulsets', 'loki'],
      ['daemonsets', 'otelcol'],
    ] as const) {
      const rest = await kube.get({ resource: { ...apps, plural }, namespace: 'monitoring', name });
      expect(rest).toMatchObject({ ok: false, error: { kind: 'not-found' } });
    }
    await respec((text) => text.replace('logs: { enabled: true', 'logs: { enabled: false'));
    const plan = await lab('plan', '--detailed-exitcode');
    expect(plan.status, plan.stdout).toBe(0);
  });
});
