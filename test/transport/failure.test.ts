import { describe, expect, it } from 'vitest';
import { connectFailure, isShed, lastWords } from '../../src/transport/failure.js';

const target = { name: 'alpha', address: '10.0.0.1' };

describe('connectFailure', () => {
  it.each([
    ['ssh: connect to host 10.0.0.1 port 22: No route to host', 'unreachable'],
    ['ssh: connect to host 10.0.0.1 port 22: Network is unreachable', 'unreachable'],
    ['ssh: connect to host 10.0.0.1 port 22: Connection timed out', 'unreachable'],
    ['ssh: Could not resolve hostname alpha: Name or service not known', 'unreachable'],
    ['ssh: connect to host 10.0.0.1 port 22: Connection refused', 'refused'],
    ['kex_exchange_identification: read: Connection reset by peer', 'refused'],
    ['Connection timed out during banner exchange', 'timed-out'],
    ['deploy@10.0.0.1: Permission denied (publickey,password).', 'auth'],
    ['Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures', 'auth'],
    ['No ED25519 host key is known for 10.0.0.1 and you have requested strict checking.', 'host-key-unknown'],
    ['Host key verification failed.', 'host-key-unknown'],
    ['Unable to negotiate with 10.0.0.1 port 22: no matching host key type found', 'protocol'],
    ['/home/me/.ssh/config: line 3: Bad configuration option: hostt', 'protocol'],
  ])('%s → %s', (stderr, kind) => {
    expect(connectFailure(target, `${stderr}\r\n`)).toMatchObject({ kind, host: 'alpha', notStarted: true });
  });

  it('strips control characters from what the other side said', () => {
    expect(connectFailure(target, 'odd \u001b[31mred\u001b[0m wor\u0000ds').detail).toBe('odd red words');
  });
});

describe('lastWords', () => {
  it('leaves the banners out', () => {
    const banner = '@@@@@@@@@@@\n@   WARNING: CHANGED!   @\n@@@@@@@@@@@\n\nthe reason\n';
    expect(lastWords(banner)).toBe('the reason');
  });
});

describe('isShed', () => {
  it('knows connections dropped before the login from refused logins', () => {
    expect(isShed('kex_exchange_identification: Connection closed by remote host\r\n')).toBe(true);
    expect(isShed('deploy@10.0.0.1: Permission denied (publickey).\r\n')).toBe(false);
  });
});
