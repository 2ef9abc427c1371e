import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Kube } from '../../src/core/ports/kube.js';
import { labPaths } from '../../src/lab/paths.js';
import type { Proof } from '../../src/verify/proof.js';
import { DEPLOYMENTS } from '../../src/verify/resources.js';
import { drover, MAIN, must, specFolder } from './support/cli.js';
import { kubeOf, rootOn, value } from './support/cluster.js';
import { runIds } from './support/run-watch.js';

const LAB = 'it-apps';
const NET = '10.106.0';
/** Must be seen nowhere but in the Secret, the store and the server that it opens. */
const CANARY = 'canary-of-the-cache-5c1d';
const PATHS = labPaths(process.env, LAB);
let folder: string;
let kube: Kube;

const application = (name: string, more: string): string => `    - name: ${name}
      namespace: shop
      module: 10 Platform
      image: ghcr.io/shop/${name}:1.0.0
      replicas: 1
      ports: [{ name: http, port: 8080 }]
      probes:
        readiness: { path: /health, period: 1s }
        liveness: { path: /health, failures: 100 }
      resources: { requests: { cpu: 10m, memory: 32Mi }, limits: { memory: 128Mi } }
      ingress: { hosts: [${name}.shop.test], tls: false }
      ${more}`;

const API = `env: { CACHE_PASSWORD: { secret: cache, key: password } }
      needs: [cache]`;
const MORE = `  addons: { metricsServer: { enabled: false }, localPath: { enabled: false } }
  lab: { external: [db-1] }
  externalServices:
    - { name: queue, kind: other, hosts: [db-1], port: 5999 }
    - { name: cache, kind: redis, hosts: [db-1], port: 6379, credentials: { password: { secret: cache, key: password } } }
  secrets: { declared: [{ name: cache, keys: [password] }] }
  policy: { rules: { no-latest-images: enforce } }
  applications:
${application('api', API)}
${application('web', 'needs: [api]')}`;

const setPassword = async (text: string): Promise<void> => {
  await execa(process.execPath, [MAIN, 'secrets', 'set', 'cache', 'password', '--lab', LAB], {
    cwd: folder,
    input: text,
  });
};

const apply = () => drover(['apply', '--lab', LAB, '--yes'], folder);
const change = async (from: string, to: string): Promise<void> => {
  const file = join(folder, 'drover.yaml');
  const text = await readFile(file, 'utf8');
  if (!text.includes(from)) throw new Error(`the spec has no ${from}`);
  await writeFile(file, text.replace(from, to));
};
const names = async (): Promise<readonly string[]> => {
  const found: string[] = [];
  for await (const page of kube.list(DEPLOYMENTS, { namespace: 'shop' }))
    found.push(...value(page).items.map(({ metadata }) => metadata.name));
  return found.sort();
};

beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: NET, servers: 1, agents: 1, more: MORE });
  await change('  network:\n', `    - { name: db-1, address: ${NET}.31, role: external }\n  network:\n`);
  await must(['lab', 'up'], folder);
  await setPassword(CANARY);
  const redis = [
    'apt-get -qq update && apt-get -qq install -y redis-server >/dev/null 2>&1',
    `printf 'bind 0.0.0.0\\nrequirepass ${CANARY}\\n' >>/etc/redis/redis.conf`,
    'systemctl restart redis-server',
  ].join(' && ');
  const [applied] = await Promise.all([apply(), rootOn(LAB, 'db-1', redis, folder)]);
  expect(applied.status, `${applied.stdout}\n${applied.stderr}`).toBe(0);
  expect(applied.stderr).toContain('a stand-in runs in place of the images of 2 applications');
  kube = await kubeOf(LAB, folder);
});
afterAll(async () => {
  kube.close();
  await drover(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true });
});

it('runs applications that opened what they need with the injected secret, and leaves nothing to do', async () => {
  expect(await names()).toEqual(['api', 'web']);
  const plan = await drover(['plan', '--lab', LAB, '--detailed-exitcode'], folder);
  expect(plan.status, plan.stdout).toBe(0);
  const runs = await execa('grep', ['-rlF', CANARY, PATHS.stateDir, folder], { reject: false });
  expect(runs.stdout).toBe('');
});

it('proves them by their names at every node, and inside', async () => {
  const done = await drover(['verify', '--lab', LAB, '-o', 'json', '-q'], folder);
  const { results } = JSON.parse(done.stdout) as Proof;
  const of = (check: string) =>
    results.filter((result) => result.check === check).map(({ node, to, status }) => [node, to, status]);
  expect(of('application-ingress-10-platform').sort()).toEqual(
    ['agent-1', 'server-1'].flatMap((node) =>
      ['api', 'web'].map((name) => [node, `http://${name}.shop.test/health`, 'pass']),
    ),
  );
  expect(of('application-inside-10-platform').map(([, to, status]) => [to, status])).toEqual([
    ['shop/api', 'pass'],
    ['shop/web', 'pass'],
  ]);
});

it('refuses a plan that breaks the policy, at its line, until it is accepted', async () => {
  await change('ghcr.io/shop/web:1.0.0', 'ghcr.io/shop/web:latest');
  const refused = await drover(['plan', '--lab', LAB], folder);
  expect(refused.status).toBe(11);
  expect(refused.stderr).toContain('no-latest-images: shop/Deployment/web');
  expect(refused.stderr).toMatch(/drover\.yaml:\d+:\d+/);
  await change('ghcr.io/shop/web:latest', 'ghcr.io/shop/web:1.0.0');
});

it('stops, resumable, at an application that never gets ready, says why, and takes it alone back', async () => {
  const worker = `    - name: worker
      namespace: shop
      image: ghcr.io/shop/worker:1.0.0
      replicas: 1
      ports: [{ name: http, port: 8080 }]
      probes: { readiness: { path: /health, period: 1s } }
      startsWithin: 20s
      needs: [queue]`;
  const text = await readFile(join(folder, 'drover.yaml'), 'utf8');
  await writeFile(join(folder, 'drover.yaml'), `${text.trimEnd()}\n${worker}\n`);
  const stopped = await apply();
  expect(stopped.status).toBe(5);
  expect(stopped.stderr).toContain('Readiness probe failed');
  expect(stopped.stderr).toMatch(/not ready: queue at queue:5999/);
  expect(stopped.stderr).toContain('--resume');
  const [run = ''] = (await runIds(LAB)).slice(-1);
  const back = ['rollback', run, '--only', 'application/shop/worker', '--lab', LAB, '--yes'];
  await must(back, folder);
  expect(await names()).toEqual(['api', 'web']);
  const resumed = await drover(['apply', '--lab', LAB, '--resume', run, '--yes'], folder);
  expect(resumed.status).toBe(64);
  expect(resumed.stderr).toContain('was taken back');
});
