import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { ChartRequest } from '../../src/app/cluster/charts/chart.js';
import { renderChart } from '../../src/app/cluster/charts/render.js';
import { sha256 } from '../../src/core/canonical.js';
import { buildLab } from '../../src/lab/build/build.js';
import { systemClock } from '../support/ports.js';

const CHART = join(import.meta.dirname, '..', '..', 'lab', 'charts', 'greeter');
const { signal } = new AbortController();

let folder = '';
let helm = '';
let repository = '';
let digest = '';
let stop: () => Promise<unknown> = () => Promise.resolve();
const at = (name: string): string => join(folder, name);

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

const programs = async (): Promise<{ readonly helm: string; readonly registry: string }> => {
  const context = { env: process.env, emit: () => undefined, clock: systemClock, signal };
  const built = await buildLab({ only: ['helm', 'registry'] }, context);
  if (!built.ok) throw new Error(built.error.message);
  const pathOf = (wanted: string): string =>
    built.value.programs.find(({ name }) => name === wanted)?.path ?? '';
  return { helm: pathOf('helm'), registry: pathOf('registry') };
};

/** The distribution registry with TLS, as a child that ends with the test. */
const serve = async (program: string): Promise<void> => {
  const port = await freePort();
  const words =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=registry -addext subjectAltName=IP:127.0.0.1';
  await execa('openssl', [...words.split(' '), '-keyout', at('tls.key'), '-out', at('tls.crt')]);
  await writeFile(
    at('registry.yml'),
    JSON.stringify({
      version: 0.1,
      log: { level: 'error' },
      storage: { filesystem: { rootdirectory: at('data') } },
      http: { addr: `127.0.0.1:${port}`, tls: { certificate: at('tls.crt'), key: at('tls.key') } },
    }),
  );
  const child = execa(program, ['serve', at('registry.yml')], { reject: false, stdio: 'ignore' });
  stop = () => {
    child.kill();
    return child;
  };
  repository = `oci://127.0.0.1:${port}/charts`;
  const ping = ['-sf', '--cacert', at('tls.crt'), `https://127.0.0.1:${port}/v2/`];
  await vi.waitFor(() => execa('curl', ping), { timeout: 300_000, interval: 100 });
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-charts-'));
  const built = await programs();
  helm = built.helm;
  await serve(built.registry);
  await execa(helm, ['package', CHART, '-d', folder]);
  digest = sha256(await readFile(at('greeter-1.0.0.tgz')));
  await execa(helm, ['push', at('greeter-1.0.0.tgz'), repository, '--ca-file', at('tls.crt')]);
});
afterAll(async () => {
  await stop();
  await rm(folder, { recursive: true });
});

const render = (more: Partial<ChartRequest> = {}, cache = 'cache') =>
  renderChart({
    env: {
      ...process.env,
      PATH: `${dirname(helm)}:${process.env['PATH'] ?? ''}`,
      XDG_CACHE_HOME: at(cache),
      SSL_CERT_FILE: at('tls.crt'),
    },
    emit: () => undefined,
    clock: systemClock,
    signal,
    lab: false,
  })({
    name: 'greeter',
    namespace: 'greeting',
    chart: 'greeter',
    version: '1.0.0',
    repository,
    digest,
    values: { greeting: 'good day' },
    path: 'spec.addons.charts[0]',
    ...more,
  });

it('gives a chart to real Helm over OCI, by its repository or as the mirror of all charts', async () => {
  const rendered = await render();
  expect(rendered.ok && JSON.stringify(rendered.value)).toContain('good day');
  const mirrored = await render({ repository: 'https://charts.example', mirror: repository }, 'other-cache');
  expect(mirrored).toEqual(rendered);
});

it('is told by name where it has no such version, or another archive than the pinned one', async () => {
  expect(await render({ version: '9.9.9', digest: '1'.repeat(64) })).toMatchObject({
    ok: false,
    error: [{ code: 'chart-unreachable', message: expect.stringContaining(repository) as string }],
  });
  expect(await render({ digest: '0'.repeat(64) })).toMatchObject({
    ok: false,
    error: [{ code: 'chart-digest-differs' }],
  });
});
