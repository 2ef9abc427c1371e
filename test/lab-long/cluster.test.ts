import { once } from 'node:events';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kube } from '../../src/core/ports/kube.js';
import { labPaths } from '../../src/lab/paths.js';
import { checkNodes } from '../../src/verify/nodes.js';
import { drover, must, onHost, specFolder, statusOf } from '../lab/support/cli.js';
import {
  alive,
  eventually,
  inPod,
  kubeOf,
  matrix,
  NODES,
  PODS,
  readConfigMap,
  rootOn,
  runPod,
  value,
  wholeMatrix,
  writeConfigMap,
} from '../lab/support/cluster.js';
import { tracesOf } from '../lab/support/traces.js';

const LAB = 'it-cluster';
const SERVERS = ['server-1', 'server-2', 'server-3'];
const AGENTS = ['agent-1', 'agent-2'];
const ALL = [...SERVERS, ...AGENTS];
const PATHS = labPaths(process.env, LAB);
const ENGINE = join(PATHS.home, 'share', 'k3s');
let folder: string;
let kube: Kube;

beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: '10.72.0', servers: 3, agents: 2 });
  await must(['lab', 'up', '--cluster', '--timeout', '600'], folder);
  kube = await kubeOf(LAB, folder);
});
afterAll(async () => {
  kube.close();
  await drover(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true });
  expect(await tracesOf(LAB)).toEqual([]);
});

const lab = (...words: readonly string[]): Promise<string> => must(['lab', ...words, '--lab', LAB], folder);
const on = (host: string, command: string): Promise<string> => rootOn(LAB, host, command, folder);
/** Addresses of the pods that the tests leave running, by name. */
const addressOf = async (name: string): Promise<string> => {
  const pod = value(await kube.get({ resource: PODS, namespace: 'default', name }));
  return (pod['status'] as { readonly podIP: string }).podIP;
};
const SERVE = 'mkdir /tmp/w; hostname >/tmp/w/index.html; echo serving; exec httpd -f -p 8080 -h /tmp/w';

describe('a lab with a cluster', () => {
  it('has every node Ready at the version of the engine, with a vote for every server', async () => {
    const version = value(await kube.version()).gitVersion;
    const wanted = [
      ...SERVERS.map((name) => ({ name, role: 'server', version }) as const),
      ...AGENTS.map((name) => ({ name, role: 'agent', version }) as const),
    ];
    await eventually(kube, NODES, (nodes) =>
      checkNodes(wanted, [...nodes.values()]).every(({ status }) => status === 'pass'),
    );
    expect(version).toMatch(/^v1\.34\.\d+\+.*lab/);
    expect((await statusOf(LAB, folder)).cluster).toMatchObject({
      kind: 'engine',
      readyAt: expect.stringMatching(/^\d{4}-/) as string,
    });
  });

  it('carries small and full packets between all pairs of pods and hosts over VXLAN, Services and DNS', async () => {
    const { tried, failed } = await matrix(kube, ALL);
    expect(failed).toEqual([]);
    expect(tried).toEqual(wholeMatrix(5));
  });

  it('gives a kubeconfig for this machine’s own shell, readable for its owner alone', async () => {
    expect((await stat(PATHS.kubeconfig)).mode & 0o777).toBe(0o600);
    const asked = await execa(ENGINE, [
      'kubectl',
      '--kubeconfig',
      PATHS.kubeconfig,
      'get',
      'nodes',
      '-o',
      'name',
    ]);
    expect(asked.stdout.split('\n').sort()).toEqual(ALL.map((name) => `node/${name}`).sort());
  });

  it('runs commands in pods, shows their output and forwards their ports', async () => {
    await Promise.all([
      runPod(kube, { name: 'web-1', node: 'agent-1', command: SERVE }),
      runPod(kube, { name: 'web-2', node: 'agent-2', command: SERVE }),
    ]);
    expect(await inPod(kube, 'web-1', 'hostname; exit 3')).toEqual({ status: 3, text: 'web-1' });
    expect(value(await kube.logs({ namespace: 'default', name: 'web-2' }))).toBe('serving\n');
    const stream = value(await kube.portForward({ namespace: 'default', name: 'web-2' }, 8080));
    stream.write('GET / HTTP/1.0\r\n\r\n');
    const [answer] = (await once(stream, 'data')) as [Buffer];
    expect(answer.toString()).toContain('200 OK');
    stream.destroy();
  });

  it('keeps what a pod wrote to a volume for the next pod', async () => {
    const claim = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace: 'default' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
    };
    const claims = { group: '', version: 'v1', plural: 'persistentvolumeclaims' } as const;
    value(await kube.create({ resource: claims, namespace: 'default' }, claim));
    await runPod(kube, { name: 'writer', command: 'echo kept >/data/file; exec sleep 1000', claim: 'data' });
    value(await kube.delete({ resource: PODS, namespace: 'default', name: 'writer' }));
    await runPod(kube, { name: 'reader', command: 'exec sleep 1000', claim: 'data' });
    expect((await inPod(kube, 'reader', 'cat /data/file')).text).toBe('kept');
  });

  it('measures its nodes', async () => {
    await expect
      .poll(
        async () => {
          const answer = await kube.raw('/apis/metrics.k8s.io/v1beta1/nodes');
          return answer.ok
            ? (JSON.parse(answer.value) as { readonly items: readonly unknown[] }).items.length
            : 0;
        },
        { timeout: 300_000, interval: 1000 },
      )
      .toBe(5);
  });

  it('refuses a server with a wrong token', async () => {
    const command =
      'timeout 20 k3s server --data-dir /tmp/other --server https://10.72.0.11:6443 --token wrong --lb-server-port 7444';
    const refused = await onHost(LAB, 'agent-1', command, folder);
    expect(refused.status).not.toBe(124);
    expect(refused.status).not.toBe(0);
    expect(`${refused.stdout}${refused.stderr}`).toMatch(/401 Unauthorized|not authorized/);
  });
});

describe('a cluster in trouble', () => {
  const fetches = async (from: string, to: string): Promise<boolean> =>
    (await inPod(kube, from, `wget -q -T 3 -O - http://${await addressOf(to)}:8080`)).status === 0;

  it('loses pods but no node when VXLAN is dropped, and is whole again when it is not', async () => {
    expect(await fetches('web-1', 'web-2')).toBe(true);
    await lab('break', 'vxlan-blocked', '--host', 'agent-2');
    expect(await fetches('web-1', 'web-2')).toBe(false);
    const begun = Date.now();
    await alive(kube, ALL, begun);
    expect(await fetches('web-1', 'web-2')).toBe(false);
    await lab('heal');
    expect(await fetches('web-1', 'web-2')).toBe(true);
  });

  it('cuts exactly two hosts in a partition and heals', async () => {
    await lab('partition', 'agent-1', 'agent-2');
    expect(await fetches('web-1', 'web-2')).toBe(false);
    await lab('partition', '--heal');
    await expect.poll(() => fetches('web-1', 'web-2'), { timeout: 300_000 }).toBe(true);
  });

  it('goes on with the majority while one server is cut off, which joins again when it heals', async () => {
    const answers = async (server: string): Promise<boolean> =>
      (await onHost(LAB, server, 'k3s kubectl get --raw /readyz --request-timeout=3s', folder)).status === 0;
    expect(await answers('server-3')).toBe(true);
    await lab('partition', 'server-3', 'server-1', 'server-2');
    await expect.poll(() => answers('server-3'), { timeout: 300_000 }).toBe(false);
    await on('server-1', 'k3s kubectl create configmap majority');
    await lab('partition', '--heal');
    await expect.poll(() => answers('server-3'), { timeout: 300_000 }).toBe(true);
    await on('server-3', 'k3s kubectl get configmap majority');
  });

  it('takes writes through another server while one has lost power, which comes back', async () => {
    value(await writeConfigMap(kube, 'before'));
    await lab('crash', 'server-1');
    await expect
      .poll(
        async () => (await writeConfigMap(kube, 'during')).ok || (await readConfigMap(kube, 'during')).ok,
        { timeout: 300_000 },
      )
      .toBe(true);
    const begun = Date.now();
    await lab('start', 'server-1');
    await alive(kube, ALL, begun);
    expect(await on('server-1', 'k3s kubectl get configmap during -o jsonpath={.data.written}')).toBe('yes');
  });

  it('is whole again after all hosts lost power', async () => {
    await lab('crash', ...ALL);
    const begun = Date.now();
    await lab('start');
    await expect.poll(async () => (await readConfigMap(kube, 'before')).ok, { timeout: 300_000 }).toBe(true);
    await alive(kube, ALL, begun);
    expect((await matrix(kube, ALL)).failed).toEqual([]);
  });
});
