import { execFileSync, spawnSync } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hmacPads } from '../../../src/facts/script/hmac-pads.js';
import { PRELUDE } from '../../../src/facts/script/prelude.js';

const key = randomBytes(32);
/** Shells and awks of this machine that the prelude must work with. */
const shells = [['sh'], ['bash'], ['busybox', 'sh']].filter(
  ([program = '']) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0,
);

const run = (shell: readonly string[], command: string, input: string): string => {
  const [program = 'sh', ...rest] = shell;
  const text = `${PRELUDE}\n${command}`;
  return execFileSync(program, [...rest, '-c', text], { input: hmacPads(key) + input, encoding: 'utf8' });
};
const hmacOf = (secret: string): string => `hmac:${createHmac('sha256', key).update(secret).digest('hex')}`;

describe.each(shells)('with %s', (...shell) => {
  it('makes the HMAC-SHA256 of RFC 2104', () => {
    for (const secret of ['a', 'K10abc::server:pass%s', `${'long '.repeat(200)}end`])
      expect(run(shell, 'hmac', secret).trim()).toBe(hmacOf(secret));
  });

  it.each([
    ['token: abc', 'abc'],
    ['"token": "two words"', 'two words'],
    ["agent-token: 'it is'   # why", 'it is'],
    ['token: plain words # comment', 'plain words'],
    ['  - "oidc-client-secret=deep"', 'deep'],
    ["ExecStart=/usr/local/bin/k3s server '--token' 'argument' '--disable' 'traefik'", 'argument'],
    ['ExecStart=/usr/local/bin/k3s agent --token=equals --node-ip 10.0.0.1', 'equals'],
    ['ExecStart=/usr/local/bin/k3s agent -t short --node-ip 10.0.0.1', 'short'],
    ["K3S_TOKEN='variable'", 'variable'],
    ['AWS_SECRET_ACCESS_KEY=aa/bb+cc==', 'aa/bb+cc=='],
    ['  auth: dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
  ])('replaces the secret of %s by its HMAC', (line, secret) => {
    const clean = run(shell, 'hmac_secrets', `${line}\n`);
    expect(clean).toBe(`${line.replace(secret, hmacOf(secret))}\n`);
  });

  it('hides the user of an address and keeps the rest', () => {
    const clean = run(shell, 'hmac_secrets', 'datastore-endpoint: mysql://user:pa/ss@tcp(db:3306)/k3s\n');
    expect(clean).toBe(`datastore-endpoint: mysql://${hmacOf('user:pa/ss')}@tcp(db:3306)/k3s\n`);
  });

  it('hides two secrets of one line', () => {
    const line = 'k3s server --datastore-endpoint=mysql://u:p@h/db --token one --agent-token "two three"\n';
    const clean = run(shell, 'hmac_secrets', line);
    expect(clean).toContain(`--token ${hmacOf('one')} --agent-token "${hmacOf('two three')}"`);
  });

  it('hides values that go on in further lines', () => {
    const text = 'token: |\n  first\n  second\npassword: "open\n  close"\nnode-ip: 10.0.0.1\n';
    const clean = run(shell, 'hmac_secrets', text);
    expect(clean).not.toMatch(/first|second|open|close/);
    expect(clean).toContain('node-ip: 10.0.0.1');
  });

  it.each([
    'server: https://10.0.0.1:6443',
    'secrets-encryption: true',
    'token-file: /etc/rancher/token',
    'etcd-s3-config-secret: name',
    'cluster-cidr: 10.42.0.0/16',
    'kube-apiserver-arg: enable-bootstrap-token-auth=true',
    'disable: [traefik, servicelb]',
  ])('leaves %s alone', (line) => {
    expect(run(shell, 'hmac_secrets', `${line}\n`)).toBe(`${line}\n`);
    expect(run(shell, 'mask_secrets', `${line}\n`)).toBe(`${line}\n`);
  });

  it.each([
    ['time=now level=error msg="token=leaked refused"', 'leaked'],
    ['curl -H "Authorization: Bearer leaked.token"', 'leaked'],
    ['proxy is http://me:leaked@proxy:3128/', 'leaked'],
    ['joining with K10deadbeef::server:leaked now', 'leaked'],
  ])('masks %s in everything that leaves the host', (line, secret) => {
    const clean = run(shell, 'mask_secrets', `${line}\n`);
    expect(clean).not.toContain(secret);
    expect(clean).toContain('(redacted)');
  });
});
