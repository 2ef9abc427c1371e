import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Kube, KubeObject } from '../../src/core/ports/kube.js';
import { labPaths } from '../../src/lab/paths.js';
import type { CheckResult } from '../../src/verify/check.js';
import type { Proof } from '../../src/verify/proof.js';
import { drover, must, specFolder } from './support/cli.js';
import { eventually, holds, kubeOf, PODS, rootOn, value } from './support/cluster.js';
import { addExternalHost } from './support/external-host.js';
import { runIds } from './support/run-watch.js';
import { atVault, runSetup, startVault, type VaultOutside, writeSecret } from './support/vault-outside.js';

const LAB = 'it-vault';
const NET = '10.121.0';
/** Must be seen nowhere but in Vault and in the pods. */
const CANARY = 'canary-of-vault-7a3e';
const PATHS = labPaths(process.env, LAB);
const BINDINGS = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  plural: 'clusterrolebindings',
} as const;
let vault: VaultOutside;
let folder: string;
let kube: Kube;

const application = (name: string, path: string, startsWithin: string): string => `    - name: ${name}
      namespace: shop
      image: ghcr.io/shop/${name}:1.0.0
      replicas: 1
      ports: [{ name: http, port: 8080 }]
      probes: { readiness: { path: /health, period: 1s } }
      startsWithin: ${startsWithin}
      vault:
        files:
          - { name: mail.env, env: { MAIL_PASSWORD: { path: ${path}, key: password } } }`;

const MORE = `  addons: { metricsServer: { enabled: false }, localPath: { enabled: false } }
  applications:
${application('api', 'shop/mail', '30s')}
  vault:
    address: https://${NET}.31:8200
    agent: { refresh: 2s }`;

const file = (): string => join(folder, 'drover.yaml');
const add = async (text: string): Promise<void> =>
  writeFile(file(), `${(await readFile(file(), 'utf8')).trimEnd()}\n${text}\n`);
const apply = () => drover(['apply', '--lab', LAB, '--yes'], folder);
const resume = async () => {
  const [run = ''] = (await runIds(LAB)).slice(-1);
  return drover(['apply', '--lab', LAB, '--resume', run, '--yes'], folder);
};

const verified = async (): Promise<{
  readonly status: number;
  readonly of: (check: string) => CheckResult[];
}> => {
  const done = await drover(['verify', '--lab', LAB, '-o', 'json', '-q'], folder);
  const { results } = JSON.parse(done.stdout) as Proof;
  return { status: done.status, of: (check) => results.filter((each) => each.check === check) };
};
const told = (results: readonly CheckResult[]) =>
  results.map(({ to, status, detail }) => [to, status, detail]);

const podOf = async (name: string): Promise<KubeObject> => {
  const pods = await eventually(
    kube,
    PODS,
    (all) => [...all.values()].some((pod) => pod.metadata.name.startsWith(`${name}-`) && holds(pod, 'Ready')),
    { namespace: 'shop' },
  );
  const [pod] = [...pods.values()].filter(
    (each) => each.metadata.name.startsWith(`${name}-`) && holds(each, 'Ready'),
  );
  if (pod === undefined) throw new Error(`no pod of ${name}`);
  return pod;
};

/** The file as the pod has it, read where the kubelet keeps it: the stand-in has no shell. */
const inPod = (pod: KubeObject): Promise<string> => {
  const { nodeName = '' } = pod['spec'] as { readonly nodeName?: string };
  const place = `/var/lib/kubelet/pods/${pod.metadata.uid ?? ''}/volumes/kubernetes.io~empty-dir/vault-secrets/mail.env`;
  return rootOn(LAB, nodeName, `cat ${place}`, folder);
};

beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: NET, servers: 1, agents: 1, more: MORE });
  await addExternalHost(folder, 'vault-1', `${NET}.31`);
  vault = { lab: LAB, host: 'vault-1', address: `${NET}.31`, folder };
  await must(['lab', 'up'], folder);
  const ca = await startVault(vault, 'root-of-the-test');
  const lines = ca.split('\n').map((line) => `      ${line}`);
  await add(`    ca: |\n${lines.join('\n')}`);
  await writeSecret(vault, 'shop/mail', { password: CANARY });
  await atVault(vault, 'vault auth enable -path=kubernetes kubernetes');
});
afterAll(async () => {
  await drover(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true });
  kube.close();
});

it('stops, resumable, while Vault does not know the role, and goes on when it has been told what vault setup prints', async () => {
  const stopped = await apply();
  expect(stopped.status, `${stopped.stdout}\n${stopped.stderr}`).toBe(5);
  expect(stopped.stderr).toContain('not rehearsed with a real Vault');
  expect(stopped.stderr).toMatch(/error authenticating|invalid role name|permission denied/);
  kube = await kubeOf(LAB, folder);
  await runSetup(vault, 'server-1');
  // The agent tries again within half a minute; what is ready by then, the run only has to find so.
  await podOf('api');
  const resumed = await resume();
  expect(resumed.status, `${resumed.stdout}\n${resumed.stderr}`).toBe(0);
  expect(await inPod(await podOf('api'))).toBe(`MAIL_PASSWORD='${CANARY}'`);
});

it('proves Vault from every node and a pod, its certificate, the reviewer, and the version that each pod has', async () => {
  const { of } = await verified();
  const vaultAt = (check: string) =>
    of(check)
      .filter(({ to }) => to === 'vault')
      .map(({ node, status, detail }) => [node, status, detail])
      .sort();
  const healthy = 'unsealed and active (status 200)';
  expect(vaultAt('service-answers')).toEqual([
    ['agent-1', 'pass', healthy],
    ['server-1', 'pass', healthy],
  ]);
  expect(vaultAt('service-from-pod')).toEqual([['pod', 'pass', healthy]]);
  expect(vaultAt('service-certificate').map(([node, status]) => [node, status])).toEqual([
    ['agent-1', 'pass'],
    ['server-1', 'pass'],
  ]);
  expect(told(of('vault-reviewer'))).toEqual([
    ['vault/vault-reviewer', 'pass', 'it may create TokenReviews'],
  ]);
  expect(told(of('vault-secrets'))).toEqual([['shop/api', 'pass', 'version 1 of shop/mail']]);
});

it('keeps the last secret in pods while Vault is sealed, says so, and rotates when it is back', async () => {
  const pod = await podOf('api');
  await writeSecret(vault, 'shop/mail', { password: `${CANARY}-2` });
  await expect.poll(() => inPod(pod), { timeout: 300_000, interval: 500 }).toContain(`${CANARY}-2'`);
  await atVault(vault, 'api -X PUT "$VAULT_ADDR/v1/sys/seal"');
  const { status, of } = await verified();
  expect(status).toBe(3);
  expect(told(of('service-from-pod').filter(({ to }) => to === 'vault'))).toEqual([
    ['vault', 'fail', 'sealed (status 503)'],
  ]);
  expect(told(of('vault-secrets'))).toEqual([
    ['shop/api', 'fail', 'it keeps version 2 of shop/mail; Vault: Vault is sealed'],
  ]);
  expect((await podOf('api')).metadata.uid).toBe(pod.metadata.uid);
  expect(await inPod(pod)).toContain(`${CANARY}-2'`);
  await atVault(
    vault,
    'printf \'{"key":"%s"}\' "$VAULT_TOKEN" | api -X PUT -d @- "$VAULT_ADDR/v1/sys/unseal" >/dev/null',
  );
  await writeSecret(vault, 'shop/mail', { password: `${CANARY}-3` });
  await expect.poll(() => inPod(pod), { timeout: 300_000, interval: 500 }).toContain(`${CANARY}-3'`);
});

it('names who waits for which path, a policy that refuses, a CA that did not sign, and a reviewer without its right', async () => {
  const text = await readFile(file(), 'utf8');
  await writeFile(
    file(),
    text.replace('  applications:\n', `  applications:\n${application('lost', 'shop/lost', '5s')}\n`),
  );
  await runSetup(vault, 'server-1');
  const stopped = await apply();
  expect(stopped.status, `${stopped.stdout}\n${stopped.stderr}`).toBe(5);
  expect(stopped.stderr).toContain('application/shop/lost');
  await atVault(vault, `printf '' | vault policy write ${LAB}-shop-api -`);
  value(await kube.delete({ resource: BINDINGS, name: 'vault-vault-reviewer' }));
  await atVault(
    vault,
    'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 60 -subj "/CN=Another CA" -keyout other.key -out other.pem',
  );
  const [, own = ''] = /ca: \|\n((?: {6}.*\n?)+)/.exec(await readFile(file(), 'utf8')) ?? [];
  const other = (await atVault(vault, 'cat other.pem'))
    .split('\n')
    .map((line) => `      ${line}\n`)
    .join('');
  await writeFile(file(), (await readFile(file(), 'utf8')).replace(own, other));
  const { of } = await verified();
  expect(told(of('vault-secrets')).sort()).toEqual([
    ['shop/api', 'fail', 'it keeps version 3 of shop/mail; Vault: permission denied'],
    ['shop/lost', 'fail', 'it waits for secret/data/shop/lost: there is no such secret'],
  ]);
  expect(told(of('vault-reviewer')).map(([, status]) => status)).toEqual(['fail']);
  const certificates = of('service-certificate').filter(({ to }) => to === 'vault');
  expect(certificates.map(({ status }) => status)).toEqual(['fail', 'fail']);
});

it('lets no value into sets, journals, plans, proofs or the folder of the spec', async () => {
  const found = await execa('grep', ['-rlF', CANARY, PATHS.stateDir, folder], { reject: false });
  expect([found.exitCode, found.stdout]).toEqual([1, '']);
  const control = await execa('grep', ['-rlF', 'shop/mail', PATHS.stateDir], { reject: false });
  expect(control.stdout).not.toBe('');
});
