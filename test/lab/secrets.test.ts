import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { labPaths } from '../../src/lab/paths.js';
import { loadIdentity } from '../../src/secrets/identity.js';
import { openSecrets } from '../../src/secrets/store.js';
import { KEY_FILE } from '../../src/steps/k3s/keep-key.js';
import { drover, must, specFolder } from './support/cli.js';
import { rootOn, value } from './support/cluster.js';
import { findSecrets, formsOf, watchArgv } from './support/secret-watch.js';

const LAB = 'it-secrets';
const HOSTS = ['server-1', 'agent-1'];
const PATHS = labPaths(process.env, LAB);
/** Where K3s keeps its own: everything there is readable by root alone. */
const OWN = /^(upper\/etc\/rancher|var-lib-rancher)\//;
let folder: string;

beforeAll(async () => {
  const more = '  distribution: { kind: k3s, config: { secrets-encryption: true } }';
  folder = await specFolder({ name: LAB, net: '10.89.0', servers: 1, agents: 1, more });
  await must(['lab', 'up'], folder);
});
afterAll(async () => {
  await drover(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true });
});

const on = (host: string, command: string): Promise<string> => rootOn(LAB, host, command, folder);

/** Everything that may be seen by nobody: Drover's tokens, its identity, K3s' own encryption key, and what K3s derives from them. */
const secretsNow = async (): Promise<Readonly<Record<string, Uint8Array>>> => {
  const { identity, recipient } = value(await loadIdentity(join(PATHS.stateDir, 'identity.txt')));
  const path = join(PATHS.stateDir, `${LAB}.secrets`);
  const store = openSecrets({ path, identity, recipients: [recipient] });
  const kept = await Promise.all(
    ['server-token', 'agent-token'].map(async (name) => [name, value(await store.get(name))] as const),
  );
  const handles = value(await store.handles());
  const sealed = value(await store.get(handles.find((handle) => handle.startsWith('encryption-key-')) ?? ''));
  const own = await on('server-1', `cat ${KEY_FILE}`);
  expect(Buffer.from(sealed).toString().trim()).toBe(own);
  const [, encryption = ''] = /"secret":\s*"([^"]+)"/.exec(own) ?? [];
  expect(encryption.length).toBeGreaterThan(30);
  const key = await on(
    'server-1',
    'k3s kubectl config view --raw -o jsonpath={.users[0].user.client-key-data}',
  );
  return {
    ...Object.fromEntries(kept),
    identity: Buffer.from(identity),
    'encryption key': Buffer.from(encryption, 'base64'),
    'client key': Buffer.from(key.slice(0, 400), 'base64'),
  };
};

/** Files below a folder that hold a secret in any form. Patterns travel in a file. */
const filesWith = async (
  secrets: Readonly<Record<string, Uint8Array>>,
  top: string,
  ...options: readonly string[]
): Promise<readonly string[]> => {
  const patterns = join(await mkdtemp(join(tmpdir(), 'drover-patterns-')), 'patterns');
  const forms = Object.values(secrets).flatMap((secret) => [...formsOf(secret)]);
  // A pattern of grep is a line: the key's bytes are found by their base64 alone.
  const lines = forms
    .map((form) => form.toString('latin1'))
    .filter((text) => /^[\x20-\x7e]{16,}$/.test(text));
  await writeFile(patterns, lines.join('\n'), { mode: 0o600 });
  const found = await execa('grep', ['-rlaF', ...options, '-f', patterns, top], { reject: false });
  await rm(join(patterns, '..'), { recursive: true });
  if ((found.exitCode ?? 2) > 1 && found.stdout === '' && !found.stderr.includes('No such file'))
    throw new Error(found.stderr);
  return found.stdout.split('\n').filter((path) => path !== '');
};

const diskOf = (host: string): string => join(PATHS.hosts, host, 'disk');

it('shows no secret in any command line, log, journal, event, temporary file, plan or proof while a cluster is built', async () => {
  const started = Date.now();
  const watch = watchArgv();
  const log = join(folder, 'events.jsonl');
  const plan = await must(['plan', '--lab', LAB, '-o', 'json'], folder);
  const applied = await drover(['apply', '--lab', LAB, '--yes', '-v', '--log-file', log], folder);
  expect(`${applied.status}\n${applied.stdout}${applied.stderr}`).toMatch(/^0\n/);
  const verified = await drover(['verify', '--lab', LAB, '-o', 'jsonl', '-v'], folder);
  const failures = verified.stdout.split('\n').filter((line) => line.includes('"status":"fail"'));
  expect([verified.status, ...failures]).toEqual([0]);
  // The watch sees processes of hosts, too: this one is the control.
  await on('agent-1', 'sh -c "sleep 2; : canary-of-the-watch"');
  const argv = await watch.end();
  const secrets = await secretsNow();
  const lines = Buffer.concat(argv.flatMap((line) => [line, Buffer.from('\n')]));
  expect(lines.includes('canary-of-the-watch')).toBe(true);
  const journals = await Promise.all(
    HOSTS.map(async (host) => [`journal of ${host}`, await on(host, 'journalctl -q -o export --no-pager')]),
  );
  const texts = Object.fromEntries(
    [
      ['argv', lines],
      ['plan', plan],
      ['apply', applied.stdout + applied.stderr],
      ['verify', verified.stdout + verified.stderr],
      ['events', await readFile(log)],
      ...journals,
    ].map(([name, text]) => [String(name), Buffer.from(text ?? '')]),
  );
  expect(findSecrets({ control: Buffer.from(secrets['server-token'] ?? '') }, secrets)).not.toEqual([]);
  expect(findSecrets(texts, secrets)).toEqual([]);

  // On the operator's machine: the identity itself is the only file with a secret that is not encrypted.
  const kept = (await filesWith(secrets, PATHS.stateDir)).map((path) => relative(PATHS.stateDir, path));
  expect(kept).toEqual(['identity.txt']);
  expect((await stat(join(PATHS.stateDir, 'identity.txt'))).mode & 0o777).toBe(0o600);
  const recent: string[] = [];
  for (const name of await readdir(tmpdir())) {
    const path = join(tmpdir(), name);
    const about = await stat(path).catch(() => undefined);
    if (about !== undefined && about.mtimeMs >= started && name.startsWith('drover')) recent.push(path);
  }
  for (const path of recent) expect(await filesWith(secrets, path)).toEqual([]);

  // On the hosts: K3s' own files alone, closed to others.
  for (const host of HOSTS) {
    const disk = diskOf(host);
    const skip = ['--exclude-dir=containerd', '--exclude-dir=journal', '-D', 'skip'];
    const found = await filesWith(secrets, disk, ...skip);
    expect(found.map((path) => relative(disk, path)).filter((path) => !OWN.test(path))).toEqual([]);
    for (const path of found) expect([path, (await stat(path)).mode & 0o077]).toEqual([path, 0]);
  }
});
