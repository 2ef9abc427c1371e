import { expect, it } from 'vitest';
import { agentTrouble } from '../../src/verify/vault-log.js';

const api = (path: string, code: number, error: string): string =>
  `2026-11-21T15:00:00Z [WARN] agent: (view) vault.read(${path}): vault.read(${path}): Error making API request.

URL: GET https://10.0.0.150:8200/v1/${path}
Code: ${code}. Errors:

* 1 error occurred:
	* ${error}

 (retry attempt 2 after "2s")
`;

it.each([
  [
    'secret/data/shop/api: there is no such secret',
    '(view) vault.read(secret/data/shop/api): no secret exists at secret/data/shop/api (retry attempt 1 after "1s")',
  ],
  ['secret/data/shop/api: permission denied', api('secret/data/shop/api', 403, 'permission denied')],
  ['secret/data/shop/api: Vault is sealed', api('secret/data/shop/api', 503, 'Vault is sealed')],
  [
    'login: permission denied',
    'agent.auth.handler: error authenticating: error=\n  | Error making API request.\n  | Code: 403. Errors:\n  | * permission denied\n backoff=1s',
  ],
  [
    'login: Vault has no such role',
    'agent.auth.handler: error authenticating: error="Code: 400. Errors: * invalid role name \\"x\\""',
  ],
  [
    'login: its certificate is not trusted: certificate signed by unknown authority',
    'error authenticating: error="Put \\"https://10.0.0.150:8200/v1/auth/kubernetes/login\\": tls: failed to verify certificate: x509: certificate signed by unknown authority" backoff=1s',
  ],
  [
    'login: connection refused',
    'error authenticating: error="dial tcp 10.0.0.150:8200: connect: connection refused"',
  ],
  [
    'login: the secret has no such key: token',
    'template server error: error="(dynamic): execute: template: :1:50: executing \\"\\" at <.Data.data.token>: map has no entry for key \\"token\\""',
  ],
])('%s', (expected, log) => {
  const { path = 'login', why = '' } = agentTrouble(`started\n${log}`) ?? {};
  expect(`${path}: ${why}`).toBe(expected);
});

it('tells the last trouble, and none where there is none', () => {
  const log = `${api('secret/data/a', 503, 'Vault is sealed')}${api('secret/data/b', 403, 'permission denied')}`;
  expect(agentTrouble(log)).toEqual({ path: 'secret/data/b', why: 'permission denied' });
  expect(agentTrouble('agent: authentication successful, sending token to sinks')).toBeUndefined();
});
