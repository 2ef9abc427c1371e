import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Answer } from './fake-api.js';

/** A certificate and its key, PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority made for one test, and servers that show its certificates. */
export interface HttpsApi extends AsyncDisposable {
  readonly folder: string;
  readonly url: string;
  readonly authority: string;
  readonly answer: { now: Answer };
  /** TLS connections that were ever made. */
  readonly connections: () => number;
  /** A certificate of the authority for a user. */
  readonly client: (name: string) => Promise<Pair>;
  /** A kubeconfig on the disk, with this user. */
  readonly kubeconfig: (user: object, cluster?: object) => Promise<string>;
}

const openssl = (...words: readonly string[]) => execa('openssl', words);

const makeAuthority = async (folder: string): Promise<void> => {
  const files = ['-keyout', join(folder, 'ca.key'), '-out', join(folder, 'ca.crt')];
  await openssl(
    ...'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=ca'.split(' '),
    ...files,
  );
};

const sign = async (folder: string, name: string, extensions: string): Promise<Pair> => {
  const at = (ending: string): string => join(folder, `${name}.${ending}`);
  await openssl(
    ...'req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'.split(' '),
    ...['-subj', `/CN=${name}`, '-keyout', at('key'), '-out', at('csr')],
  );
  await writeFile(at('ext'), extensions);
  await openssl(
    ...'x509 -req -days 2 -CAcreateserial'.split(' '),
    ...['-in', at('csr'), '-CA', join(folder, 'ca.crt'), '-CAkey', join(folder, 'ca.key')],
    ...['-extfile', at('ext'), '-out', at('crt')],
  );
  return { cert: await readFile(at('crt'), 'utf8'), key: await readFile(at('key'), 'utf8') };
};

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve((server.address() as AddressInfo).port);
    });
  });

/** An API server's outside: TLS, client certificates asked for but not required, answers as the test says. */
export const httpsApi = async (): Promise<HttpsApi> => {
  const folder = await mkdtemp(join(tmpdir(), 'drover-https-'));
  await makeAuthority(folder);
  const own = await sign(folder, 'server', 'subjectAltName=IP:127.0.0.1');
  const authority = await readFile(join(folder, 'ca.crt'), 'utf8');
  const answer: { now: Answer } = { now: (_request, response) => response.end('{}') };
  const tls = { ...own, ca: authority, requestCert: true, rejectUnauthorized: false };
  const server = createServer(tls, (request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      answer.now(Object.assign(request, { text }), response);
    });
  });
  let connections = 0;
  server.on('secureConnection', () => {
    connections += 1;
  });
  const url = `https://127.0.0.1:${await listen(server)}`;
  return {
    folder,
    url,
    authority,
    answer,
    connections: () => connections,
    client: (name) => sign(folder, name, 'extendedKeyUsage=clientAuth'),
    kubeconfig: async (user, cluster = { 'certificate-authority': 'ca.crt' }) => {
      const path = join(folder, 'kubeconfig');
      await writeFile(
        path,
        JSON.stringify({
          apiVersion: 'v1',
          kind: 'Config',
          clusters: [{ name: 'c', cluster: { server: url, ...cluster } }],
          users: [{ name: 'u', user }],
          contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
          'current-context': 'x',
        }),
      );
      return path;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
};
