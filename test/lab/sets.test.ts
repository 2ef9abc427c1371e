import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChartRequest } from '../../src/app/cluster/charts/chart.js';
import { renderChart } from '../../src/app/cluster/charts/render.js';
import { sha256 } from '../../src/core/canonical.js';
import type { Kube } from '../../src/core/ports/kube.js';
import { buildProgram } from '../../src/lab/build/program.js';
import { HELM } from '../../src/lab/build/programs.js';
import { whyUnready } from '../../src/steps/sets/explain.js';
import type { Proof } from '../../src/verify/proof.js';
import { systemClock } from '../support/ports.js';
import { drover, must, specFolder } from './support/cli.js';
import { kubeOf, rootOn, value } from './support/cluster.js';
import { startCalls, stopCalls, timesAway } from './support/ingress-load.js';

const LAB = 'test-sets';
const CHARTS = join(import.meta.dirname, '..', '..', 'lab', 'charts');
const CONFIG_MAPS = { group: '', version: 'v1', plural: 'configmaps' } as const;
const NODE_ADDRESSES = ['10.98.0.11', '10.98.0.21'];
const run = promisify(execFile);

let helm = '';
let folder: string;
let kube: Kube;
let digest = '';

const TRAEFIK = 'ingress: { controller: traefik }';
const QUIET = "ingress: { controller: traefik, arguments: ['--log.level=WARN'] }";

const chart = (values: string, pinned = digest): string => `  ${TRAEFIK}
  addons:
    charts:
      - name: greeter
        namespace: greeting
        repository: https://charts.example
        chart: greeter
        version: 1.0.0
        file: greeter-1.0.0.tgz
        digest: '${pinned}'
        values: ${values}`;

/** The spec with other things below it. */
const respec = async (more: string): Promise<void> => {
  const other = await specFolder({ name: LAB, net: '10.98.0', servers: 1, agents: 1, more });
  await writeFile(join(folder, 'drover.yaml'), await readFile(join(other, 'drover.yaml')));
  await rm(other, { recursive: true });
};

beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: '10.98.0', servers: 1, agents: 1 });
  const signal = new AbortController().signal;
  const built = await buildProgram(HELM, {
    env: process.env,
    emit: () => undefined,
    clock: systemClock,
    signal,
  });
  if (!built.ok) throw new Error(built.error.message);
  helm = built.value.path;
  await run(helm, ['package', join(CHARTS, 'greeter'), '-d', folder]);
  digest = sha256(await readFile(join(folder, 'greeter-1.0.0.tgz')));
  await must(['lab', 'build', '--only', 'traefik'], folder);
  await must(['lab', 'up', '--timeout', '600'], folder);
}, 1_800_000);
afterAll(async () => {
  kube.close();
  await drover(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true });
});

const lab = (...command: readonly string[]) => drover([...command, '--lab', LAB], folder);
const onNode = (host: string, command: string): Promise<string> => rootOn(LAB, host, command, folder);

/** A program named like Debian's web server that listens on port 80 of a host. */
const APACHE = `cp "$(command -v perl)" /usr/local/bin/apache2
systemd-run --quiet --unit=apache2 /usr/local/bin/apache2 -MIO::Socket::INET -e \
  'my $s = IO::Socket::INET->new(LocalPort => 80, Listen => 5, ReuseAddr => 1) or die; sleep'
until ss -Htln 'sport = :80' | grep -q .; do systemctl is-active --quiet apache2 || exit 1; sleep 0.1; done`;

describe('object sets on a new cluster', () => {
  it('do not begin where Apache has the port of the ingress', async () => {
    await respec(chart('{ greeting: hello }'));
    await onNode('agent-1', APACHE);
    const refused = await lab('apply', '--yes');
    await onNode('agent-1', 'systemctl stop apache2');
    expect(refused.status, refused.stderr).toBe(11);
    expect(refused.stderr).toContain('Port 80 (ingress) is taken on agent-1 by apache2');
    expect(await onNode('server-1', 'systemctl is-active k3s || true')).not.toBe('active');
  });

  it('come in a later stage of the plan that builds it: a chart by real Helm, and the ingress of every node', async () => {
    await respec(chart('{ greeting: hello }'));
    const plan = await lab('plan');
    expect(plan.stdout).toContain('platform: what runs on top of the cluster');
    expect(plan.stdout).toContain('planned when it starts: sets.apply');
    const applied = await lab('apply', '--yes');
    expect(applied.status, `${applied.stdout}\n${applied.stderr}`).toBe(0);
    kube = await kubeOf(LAB, folder);
    const jobs = { group: 'batch', version: 'v1', plural: 'jobs' };
    expect(
      value(await kube.get({ resource: jobs, namespace: 'greeting', name: 'greeter-before' })),
    ).toMatchObject({
      status: { succeeded: 1 },
    });
    const gone = await kube.get({ resource: CONFIG_MAPS, namespace: 'greeting', name: 'greeter-gone' });
    expect(gone).toMatchObject({ ok: false, error: { kind: 'not-found' } });
    for (const address of NODE_ADDRESSES) {
      const answer = await onNode('server-1', `curl -s -H 'Host: greeter.example' http://${address}/healthz`);
      expect(answer.trim()).toBe('ok');
      expect(
        (
          await onNode('server-1', `curl -s -o /dev/null -w '%{http_code}' http://${address}:10254/healthz`)
        ).trim(),
      ).toBe('200');
    }
  });

  it('hold afterwards: nothing to do, and verify proves sets and the ingress of each node', async () => {
    expect((await lab('plan', '--detailed-exitcode')).status).toBe(0);
    const done = await lab('verify', '-o', 'json', '-q', '--timeout', '30s');
    const proof = JSON.parse(done.stdout) as Proof;
    const failed = proof.results.filter(({ status }) => status === 'fail');
    expect(failed).toEqual([]);
    const titles = (check: string) =>
      proof.results.filter((result) => result.check === check).map(({ node }) => node);
    expect(titles('object-set').toSorted()).toEqual(['chart/greeting/greeter', 'ingress/traefik']);
    expect(titles('ingress')).toHaveLength(6);
  });

  it('change the ingress node by node: one answers all the time, each is away for its own restart alone', async () => {
    const load = { lab: LAB, folder, from: 'server-1', nodes: NODE_ADDRESSES, name: 'greeter.example' };
    await startCalls(load);
    await respec(chart('{ greeting: hello }').replace(TRAEFIK, QUIET));
    const applied = await lab('apply', '--yes');
    expect(applied.status, applied.stderr).toBe(0);
    const rounds = await stopCalls(load);
    expect(rounds.filter((away) => away.length === NODE_ADDRESSES.length)).toEqual([]);
    expect(NODE_ADDRESSES.map((node) => timesAway(rounds, node))).toEqual([1, 1]);
  });

  it('show each field that somebody changed, and take it back', async () => {
    const deployments = { group: 'apps', version: 'v1', plural: 'deployments' };
    const ref = { resource: deployments, namespace: 'greeting', name: 'greeter' };
    value(await kube.patch(ref, { spec: { replicas: 2 } }, { type: 'merge', fieldManager: 'kubectl-edit' }));
    const plan = await lab('plan');
    expect(plan.stdout).toContain('greeting/Deployment.apps/greeter spec.replicas: 2 → 1');
    expect(plan.stdout).toContain('what kubectl-edit set there is taken over');
    const applied = await lab('apply', '--yes');
    expect(applied.status, applied.stderr).toBe(0);
    expect(value(await kube.get(ref))).toMatchObject({ spec: { replicas: 1 } });
  });

  it('refuse another archive and values that the chart does not know, before anything is done', async () => {
    await respec(chart('{ greeting: hello }', '0'.repeat(64)));
    const other = await lab('plan');
    expect(other.status).toBe(11);
    expect(other.stderr).toContain('chart-digest-differs');
    await respec(chart('{ greting: hello, replicas: none }'));
    const unknown = await lab('plan');
    expect(unknown.status).toBe(10);
    expect(unknown.stderr).toContain('did you mean "greeting"?');
  });

  it('that do not get ready say why: the image that a node cannot pull, the probe that fails, the last log lines', async () => {
    const deployment = (name: string, container: object) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: 'default' },
      spec: {
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name } },
          spec: { containers: [{ name: 'c', ...container }] },
        },
      },
    });
    const probe = { httpGet: { path: '/nothing', port: 8080 }, periodSeconds: 1 };
    const image = 'docker.io/drover/probe:1';
    const bad = deployment('pull', { image: 'docker.io/drover/nothing:9', imagePullPolicy: 'IfNotPresent' });
    const unready = deployment('unready', { image, imagePullPolicy: 'IfNotPresent', readinessProbe: probe });
    const crashing = deployment('crash', {
      image,
      imagePullPolicy: 'IfNotPresent',
      args: ['-listen', 'nowhere'],
    });
    // One node alone has this image.
    const single = {
      ...deployment('single', { image: 'docker.io/drover/one-node:1', imagePullPolicy: 'IfNotPresent' }),
      kind: 'DaemonSet',
    };
    await onNode('server-1', `k3s ctr -n k8s.io images tag ${image} docker.io/drover/one-node:1`);
    const resource = { group: 'apps', version: 'v1', plural: 'deployments' };
    const daemonSets = { group: 'apps', version: 'v1', plural: 'daemonsets' };
    const why = async (object: typeof bad): Promise<string> =>
      (await whyUnready({ kube, signal: new AbortController().signal }, object)).join('\n');
    for (const object of [bad, unready, crashing])
      value(await kube.create({ resource, namespace: 'default' }, object));
    value(await kube.create({ resource: daemonSets, namespace: 'default' }, single));
    const patience = { timeout: 300_000, interval: 1_000 };
    await expect
      .poll(() => why(bad), patience)
      .toMatch(/pod default\/pull-\S+ on (server|agent)-1: .*cannot pull docker.io\/drover\/nothing:9/);
    await expect
      .poll(() => why(unready), patience)
      .toContain('Readiness probe failed: HTTP probe failed with statuscode: 404');
    await expect.poll(() => why(crashing), patience).toMatch(/ended with 1 [^]*\n {2}\| .*probe:.*nowhere/);
    await expect
      .poll(() => why(single), patience)
      .toMatch(/^pod default\/single-\S+ on agent-1: .*cannot pull docker.io\/drover\/one-node:1[^\n]*$/);
    value(await kube.delete({ resource: daemonSets, namespace: 'default', name: 'single' }));
    for (const { metadata } of [bad, unready, crashing])
      value(await kube.delete({ resource, namespace: 'default', name: metadata.name }));
  });

  it('that the spec has no more are removed, and those who stay are not touched', async () => {
    await respec(`  ${QUIET}`);
    const plan = await lab('plan');
    expect(plan.stdout).toContain('Remove chart/greeting/greeter');
    const applied = await lab('apply', '--yes');
    expect(applied.status, applied.stderr).toBe(0);
    const namespaces = { group: '', version: 'v1', plural: 'namespaces' };
    await expect
      .poll(async () => (await kube.get({ resource: namespaces, name: 'greeting' })).ok, { timeout: 300_000 })
      .toBe(false);
    expect((await lab('plan', '--detailed-exitcode')).status).toBe(0);
  });
});

describe('a chart', () => {
  let server: Server;
  let repository = '';
  const asked: string[] = [];
  const request = (more: Partial<ChartRequest> = {}): ChartRequest => ({
    name: 'greeter',
    namespace: 'greeting',
    chart: 'greeter',
    version: '1.0.0',
    repository: 'https://charts.example',
    mirror: repository,
    digest,
    values: {},
    path: 'spec.addons.charts[0]',
    ...more,
  });
  const codes = async (more: Partial<ChartRequest>): Promise<readonly string[]> => {
    const rendered = await render(request(more));
    return rendered.ok ? [] : rendered.error.map(({ code }) => code);
  };
  const render = (wanted: ChartRequest) =>
    renderChart({
      env: {
        ...process.env,
        PATH: `${dirname(helm)}:${process.env['PATH'] ?? ''}`,
        XDG_CACHE_HOME: join(folder, 'cache'),
      },
      emit: () => undefined,
      clock: systemClock,
      signal: new AbortController().signal,
      lab: false,
    })(wanted);
  /** Packs a chart with other templates. */
  const packed = async (template: string): Promise<{ readonly file: string; readonly digest: string }> => {
    const odd = join(folder, 'odd');
    await mkdir(join(odd, 'templates'), { recursive: true });
    await writeFile(join(odd, 'Chart.yaml'), 'apiVersion: v2\nname: greeter\nversion: 1.0.0\n');
    await writeFile(join(odd, 'templates', 'odd.yaml'), template);
    await run(helm, ['package', odd, '-d', odd]);
    const file = join(odd, 'greeter-1.0.0.tgz');
    return { file, digest: sha256(await readFile(file)) };
  };

  beforeAll(async () => {
    await run(helm, ['repo', 'index', folder]);
    server = createServer((incoming, response) => {
      asked.push(incoming.url ?? '');
      readFile(join(folder, incoming.url ?? '')).then(
        (content) => response.end(content),
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    repository = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('that is not the pinned one, or that nobody pinned, is not used; the error says what is there', async () => {
    expect(await codes({ digest: '0'.repeat(64) })).toEqual(['chart-digest-differs']);
    const unpinned = await render(request({ digest: undefined }));
    expect(unpinned).toMatchObject({
      error: [{ code: 'chart-no-digest', hint: `what is there now has digest: ${digest}` }],
    });
    expect(await codes({ version: '9.9.9', digest: '1'.repeat(64) })).toEqual(['chart-unreachable']);
  });

  it('is fetched from the mirror once, and rendered with its values', async () => {
    asked.length = 0;
    const rendered = await render(request({ values: { greeting: 'good day' } }));
    expect(rendered.ok && JSON.stringify(rendered.value)).toContain('good day');
    expect(rendered.ok && rendered.value[0]?.kind).toBe('CustomResourceDefinition');
    expect(await render(request({ values: { greeting: 'good day' } }))).toEqual(rendered);
    expect(asked).toEqual(['/index.yaml', '/greeter-1.0.0.tgz']);
  });

  it('gets no value that it does not know, and none that its schema refuses', async () => {
    expect(await codes({ values: { greting: 'hello', colour: 'red' } })).toEqual([
      'chart-values-unknown',
      'chart-values-unknown',
    ]);
    expect(await codes({ values: { replicas: 'many' } })).toEqual(['chart-values-wrong']);
  });

  it('makes no Secret with data, and nothing that is another each time', async () => {
    const secret = 'apiVersion: v1\nkind: Secret\nmetadata: { name: s }\nstringData: { password: hush }\n';
    expect(await codes(await packed(secret))).toEqual(['chart-secret']);
    const random =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c }\ndata: { id: {{ randAlphaNum 20 | quote }} }\n';
    expect(await codes(await packed(random))).toEqual(['chart-changes']);
    expect(await codes(await packed('{{ fail "a name is needed" }}'))).toEqual(['chart-not-rendered']);
  });
});
