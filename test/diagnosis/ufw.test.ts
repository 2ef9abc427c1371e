import { describe, expect, it } from 'vitest';
import { ufwAllows } from '../../src/diagnosis/ufw.js';

const api = { protocol: 'tcp', port: 6443, from: ['10.0.0.11', '10.0.0.12'] } as const;

describe('ufwAllows', () => {
  it.each([
    ['6443/tcp                   ALLOW IN    10.0.0.0/24', true],
    ['6443                       ALLOW       Anywhere', true],
    ['Anywhere                   ALLOW       10.0.0.0/24', true],
    ['[ 3] 6000:7000/tcp         ALLOW IN    10.0.0.0/16                # nodes', true],
    ['80,443,6443/tcp            LIMIT       Anywhere', true],
    ['10.0.0.13 6443/tcp         ALLOW       10.0.0.0/24', true],
    ['6443/udp                   ALLOW       Anywhere', false],
    ['6443/tcp                   ALLOW       192.168.0.0/24', false],
    ['6443/tcp                   DENY        Anywhere', false],
    ['6443/tcp                   ALLOW OUT   Anywhere', false],
    ['6443/tcp                   ALLOW       10.0.0.11', false],
    ['22/tcp                     ALLOW       Anywhere', false],
    ['allow tcp 6443 0.0.0.0/0 any 10.0.0.0/24 in comment=64726f766572', true],
    ['allow tcp 2379:2380,6443 0.0.0.0/0 any 0.0.0.0/0 in', true],
    ['allow any any 0.0.0.0/0 any 10.0.0.0/24 in', true],
    ['allow udp 6443 0.0.0.0/0 any 10.0.0.0/24 in', false],
    ['deny tcp 6443 0.0.0.0/0 any 0.0.0.0/0 in', false],
    ['route:allow any any 0.0.0.0/0 any 10.0.0.0/24 in', false],
  ])('%s', (rule, allowed) => {
    expect(ufwAllows([rule], api)).toBe(allowed);
  });

  it('lets the first rule that fits decide', () => {
    expect(ufwAllows(['6443/tcp DENY 10.0.0.12', '6443/tcp ALLOW Anywhere'], api)).toBe(false);
    expect(ufwAllows(['6443/tcp ALLOW Anywhere', '6443/tcp DENY 10.0.0.12'], api)).toBe(true);
  });
});
