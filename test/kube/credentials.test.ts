import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Kube } from '../../src/core/ports/kube.js';
import { createKube } from '../../src/kube/client.js';
import { loadCredentials } from '../../src/kube/credentials.js';
import type { KubeConfigChoice } from '../../src/kube/load-kubeconfig.js';
import { immediateClock } from '../run/immediate-clock.js';
import { json } from './fake-api.js';
import { type HttpsApi, httpsApi } from './https-api.js';

let api: HttpsApi;
let kube: Kube;
beforeEach(async () => {
  api = await httpsApi();
});
afterEach(async () => {
  kube.close();
  await api[Symbol.asyncDispose]();
});

const open = async (choice: KubeConfigChoice): Promise<Kube> => {
  kube = createKube(await loadCredentials(choice, () => 0), immediateClock());
  return kube;
};

const FAR = '2999-01-01T00:00:00Z';
const PAST = '2001-01-01T00:00:00Z';

/** A plugin as a shell script: prints what lies in `answer`, and keeps a line for each time that it ran. */
const plugin = async (): Promise<{
  readonly user: object;
  readonly runs: () => Promise<readonly string[]>;
}> => {
  const at = (name: string): string => join(api.folder, name);
  const script = `#!/bin/sh
printf '%s %s\\n' "$1" "$KUBERNETES_EXEC_INFO" >> "$COUNT"
cat ${at('answer')}
cat ${at('complaint')} >&2 && exit 7
exit 0
`;
  await writeFile(at('plugin'), script);
  await chmod(at('plugin'), 0o755);
  await writeFile(at('runs'), '');
  return {
    user: {
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: at('plugin'),
        args: ['get-token'],
        env: [{ name: 'COUNT', value: at('runs') }],
        interactiveMode: 'Never',
      },
    },
    runs: async () => (await readFile(at('runs'), 'utf8')).split('\n').filter((line) => line !== ''),
  };
};
const answering = (status: object): Promise<void> =>
  writeFile(
    join(api.folder, 'answer'),
    JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status }),
  );

/** Lets in whoever has this token. */
const onlyToken = (token: () => string): void => {
  api.answer.now = (request, response) => {
    if (request.headers.authorization === `Bearer ${token()}`) json(response, { gitVersion: 'v1.34.2' });
    else json(response, { reason: 'Unauthorized', message: 'Unauthorized' }, 401);
  };
};

describe('a plugin of the kubeconfig', () => {
  it('runs once for many requests, is told who asks, and its token is sent', async () => {
    const { user, runs } = await plugin();
    await answering({ token: 'one', expirationTimestamp: FAR });
    onlyToken(() => 'one');
    await open({ kubeconfig: await api.kubeconfig(user) });
    const answers = await Promise.all(Array.from({ length: 20 }, () => kube.version()));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(await runs()).toEqual([
      `get-token ${JSON.stringify({ kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1', spec: { interactive: false } })}`,
    ]);
  });

  it.each([
    ['has expired', PAST],
    ['was revoked before it expired', FAR],
  ])('runs again when its token %s', async (_, expirationTimestamp) => {
    const { user, runs } = await plugin();
    let accepted = 'one';
    onlyToken(() => accepted);
    await answering({ token: 'one', expirationTimestamp });
    await open({ kubeconfig: await api.kubeconfig(user) });
    expect(await kube.version()).toMatchObject({ ok: true });
    accepted = 'two';
    await answering({ token: 'two', expirationTimestamp: FAR });
    const answers = await Promise.all(Array.from({ length: 10 }, () => kube.version()));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(await runs()).toHaveLength(2);
  });

  it('gives a client certificate, and another one when the API no longer takes it', async () => {
    const { user } = await plugin();
    const [anna, berta] = [await api.client('anna'), await api.client('berta')];
    const give = ({ cert, key }: typeof anna) =>
      answering({ clientCertificateData: cert, clientKeyData: key, expirationTimestamp: FAR });
    await give(anna);
    let welcome = 'anna';
    api.answer.now = (request, response) => {
      const { socket } = request;
      if (!(socket instanceof TLSSocket)) throw new Error('no TLS');
      const { subject } = socket.getPeerCertificate();
      if (socket.authorized && subject.CN === welcome) json(response, { gitVersion: subject.CN });
      else json(response, { message: 'Unauthorized' }, 401);
    };
    await open({ kubeconfig: await api.kubeconfig(user) });
    expect(await kube.version()).toEqual({ ok: true, value: { gitVersion: 'anna' } });
    welcome = 'berta';
    await give(berta);
    expect(await kube.version()).toEqual({ ok: true, value: { gitVersion: 'berta' } });
  });

  it('is not run over and over when what it gives is refused', async () => {
    const { user, runs } = await plugin();
    await answering({ token: 'wrong', expirationTimestamp: FAR });
    onlyToken(() => 'right');
    await open({ kubeconfig: await api.kubeconfig(user) });
    expect(await kube.version()).toMatchObject({ ok: false, error: { kind: 'unauthorized', status: 401 } });
    expect(await runs()).toHaveLength(2);
  });

  it('that fails is heard; an answer that is none is not repeated, since it may hold a token', async () => {
    const { user } = await plugin();
    await writeFile(join(api.folder, 'answer'), 'canary-token, not JSON');
    await open({ kubeconfig: await api.kubeconfig(user) });
    expect(await kube.version()).toEqual({
      ok: false,
      error: {
        kind: 'unauthorized',
        message: 'no credentials: the plugin of the kubeconfig did not answer with an ExecCredential',
        causes: [],
      },
    });
    await writeFile(join(api.folder, 'answer'), '{}');
    expect(await kube.version()).toMatchObject({ ok: false, error: { kind: 'unauthorized' } });
    await writeFile(join(api.folder, 'complaint'), 'log in first');
    expect(await kube.version()).toMatchObject({
      ok: false,
      error: { kind: 'unauthorized', message: 'no credentials: Error: log in first' },
    });
  });
});

it('does not talk to a server whose certificate is not of the authority', async () => {
  const stranger = await httpsApi();
  const other = Buffer.from(stranger.authority).toString('base64');
  await stranger[Symbol.asyncDispose]();
  await open({ kubeconfig: await api.kubeconfig({ token: 't' }, { 'certificate-authority-data': other }) });
  expect(await kube.version()).toMatchObject({ ok: false, error: { kind: 'tls' } });
});

it('takes context and user from several files joined by a colon, and impersonates', async () => {
  const first = await api.kubeconfig({ token: 'first' });
  const second = join(api.folder, 'second');
  await writeFile(
    second,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        { name: 'd', cluster: { server: api.url, 'certificate-authority': join(api.folder, 'ca.crt') } },
      ],
      users: [{ name: 'v', user: { token: 'second' } }],
      contexts: [{ name: 'other', context: { cluster: 'd', user: 'v' } }],
      'current-context': 'other',
    }),
  );
  const seen: unknown[] = [];
  api.answer.now = (request, response) => {
    seen.push([request.headers.authorization, request.headers['impersonate-user']]);
    json(response, { gitVersion: 'v1' });
  };
  await open({ kubeconfig: `${first}:${second}`, context: 'other', as: 'jane' });
  await kube.version();
  kube.close();
  await open({ kubeconfig: `${first}:${second}` });
  await kube.version();
  expect(seen).toEqual([
    ['Bearer second', 'jane'],
    ['Bearer first', undefined],
  ]);
});
