import { expect, it } from 'vitest';
import { checkEtcd } from '../../src/verify/etcd.js';

it.each([
  ['{"health":"true","reason":""}', 'pass', 'healthy'],
  ['{"health":"false","reason":"ALARM NOSPACE"}', 'fail', 'ALARM NOSPACE'],
  ['{"health":"false","reason":"RAFT NO LEADER"}', 'fail', 'RAFT NO LEADER'],
  ['404 page not found', 'fail', '404 page not found'],
  ['', 'fail', 'no answer'],
])('judges %s', (said, status, detail) => {
  expect(checkEtcd([{ server: 'a', said }])).toMatchObject([{ status, detail, node: 'a' }]);
});

it('fails a server that could not be asked', () => {
  const answer = { server: 'a', failure: 'a does not answer' };
  expect(checkEtcd([answer])).toMatchObject([{ status: 'fail', detail: 'a does not answer' }]);
});
