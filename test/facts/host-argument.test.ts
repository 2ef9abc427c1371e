import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHostArgument } from '../../src/facts/host-argument.js';

describe('parseHostArgument', () => {
  it.each([
    ['10.0.0.1', { name: '10.0.0.1', address: '10.0.0.1' }],
    ['root@10.0.0.1', { name: '10.0.0.1', address: '10.0.0.1', user: 'root' }],
    [
      'deploy@k3s-1.example:2222',
      { name: 'k3s-1.example', address: 'k3s-1.example', user: 'deploy', port: 2222 },
    ],
    ['fd00::1', { name: 'fd00::1', address: 'fd00::1' }],
    ['root@[fd00::1]:22', { name: 'fd00::1', address: 'fd00::1', user: 'root', port: 22 }],
  ])('%s', (text, target) => {
    expect(parseHostArgument(text)).toEqual({ ok: true, value: target });
  });

  it.each([
    ['', '"" names no host'],
    ['root@', '"root@" names no host'],
    ['10.0.0.1:', '"" in "10.0.0.1:" is no port (1 to 65535)'],
    ['10.0.0.1:70000', '"70000" in "10.0.0.1:70000" is no port (1 to 65535)'],
    ['-oProxyCommand=x', '"-oProxyCommand=x" in "-oProxyCommand=x" is no host name or address'],
    ['ro ot@h', '"ro ot" in "ro ot@h" is no user name'],
  ])('refuses %s', (text, reason) => {
    expect(parseHostArgument(text)).toEqual({ ok: false, error: reason });
  });

  it('never yields anything that ssh could take for an option', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseHostArgument(text);
        if (parsed.ok) expect(`${parsed.value.address} ${parsed.value.user ?? ''}`).not.toMatch(/(^| )-|\n/);
      }),
    );
  });
});
