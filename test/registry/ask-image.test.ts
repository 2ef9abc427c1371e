import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { imageRegistry } from '../../src/registry/ask-image.js';
import { imageName } from '../../src/registry/image-name.js';

const LOGIN = { username: 'robot', password: 'word' };
const BASIC = `Basic ${btoa('robot:word')}`;
const signal = new AbortController().signal;

let server: Server | undefined;
const seen: string[] = [];

const listen = async (
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> => {
  server = createServer((request, response) => {
    seen.push(`${request.method ?? ''} ${request.url ?? ''} ${request.headers.authorization ?? '-'}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
};

afterEach(() => {
  server?.close();
  seen.length = 0;
});

const answering =
  (status: number, headers: Record<string, string> = {}) =>
  (_: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(status, headers).end();
  };

describe('the name of an image', () => {
  it.each([
    ['docker.io/library/nginx:1', 'https://registry-1.docker.io library/nginx 1'],
    ['ghcr.io/a/b', 'https://ghcr.io a/b latest'],
    ['r.example:5000/a/b:2@sha256:abc', 'https://r.example:5000 a/b sha256:abc'],
    ['127.0.0.1:5000/a:1', 'http://127.0.0.1:5000 a 1'],
  ])('%s', (image, expected) => {
    const { base, repository, reference } = imageName(image);
    expect(`${base} ${repository} ${reference}`).toBe(expected);
  });
});

describe('a registry', () => {
  it.each([
    [200, 'there'],
    [404, 'absent'],
    [403, 'denied'],
    [401, 'denied'],
    [500, 'unknown'],
  ])('that answers %i says: %s', async (status, kind) => {
    const host = await listen(answering(status));
    expect((await imageRegistry.ask(`${host}/a/b:1`, undefined, signal)).kind).toBe(kind);
    expect(seen).toEqual(['HEAD /v2/a/b/manifests/1 -']);
  });

  it('that wants a token gets the login at its place for tokens, and then the token', async () => {
    const host = await listen((request, response) => {
      if (request.url?.startsWith('/token') === true) response.end(JSON.stringify({ token: 'T' }));
      else if (request.headers.authorization === 'Bearer T') response.writeHead(200).end();
      else
        answering(401, {
          'www-authenticate': `Bearer realm="http://${request.headers.host ?? ''}/token",service="s"`,
        })(request, response);
    });
    expect(await imageRegistry.ask(`${host}/a/b:1`, LOGIN, signal)).toEqual({ kind: 'there' });
    expect(seen).toEqual([
      'HEAD /v2/a/b/manifests/1 -',
      `GET /token?service=s&scope=repository%3Aa%2Fb%3Apull ${BASIC}`,
      'HEAD /v2/a/b/manifests/1 Bearer T',
    ]);
  });

  it('gets no login for a place for tokens that somebody could listen to', async () => {
    const others: string[] = [];
    const other = createServer((request, response) => {
      others.push(request.headers.authorization ?? '-');
      response.end('{}');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const realm = `http://127.0.0.1:${(other.address() as AddressInfo).port}/token`;
    const host = await listen(answering(401, { 'www-authenticate': `Bearer realm="${realm}"` }));
    expect(await imageRegistry.ask(`${host}/a/b:1`, LOGIN, signal)).toEqual({
      kind: 'denied',
      detail: 'HTTP 401',
    });
    other.close();
    expect(others).toEqual(['-']);
  });

  it('that wants name and password gets them', async () => {
    const host = await listen((request, response) => {
      const known = request.headers.authorization === BASIC;
      answering(known ? 200 : 401, { 'www-authenticate': 'Basic realm="r"' })(request, response);
    });
    expect((await imageRegistry.ask(`${host}/a:1`, LOGIN, signal)).kind).toBe('there');
    expect((await imageRegistry.ask(`${host}/a:1`, undefined, signal)).kind).toBe('denied');
  });

  it('that is not there is unknown, with the reason', async () => {
    const host = await listen(answering(200));
    server?.close();
    const answer = await imageRegistry.ask(`${host}/a:1`, undefined, signal);
    expect(answer.kind).toBe('unknown');
    expect('detail' in answer ? answer.detail : '').toContain('ECONNREFUSED');
  });
});
