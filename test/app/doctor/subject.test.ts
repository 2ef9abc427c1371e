import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outsideLab } from '../../../src/app/doctor/outside-lab.js';
import { subjectOfAddresses } from '../../../src/app/doctor/subject.js';
import { clusterOf } from '../../diagnosis/fixtures/cluster.js';

const target = (text: string): unknown => {
  const made = subjectOfAddresses([text]);
  return made.ok ? made.value.hosts[0]?.target : made.error[0].message;
};

describe('hosts on the command line', () => {
  it.each([
    ['root@10.0.0.100', { name: '10.0.0.100', address: '10.0.0.100', user: 'root' }],
    ['db-1', { name: 'db-1', address: 'db-1' }],
    ['ada@db-1', { name: 'db-1', address: 'db-1', user: 'ada', sudo: true }],
    ['root@10.0.0.100:2222', { name: '10.0.0.100:2222', address: '10.0.0.100', user: 'root', port: 2222 }],
    ['root@[fd00::1]:22', { name: 'fd00::1:22', address: 'fd00::1', user: 'root', port: 22 }],
    ['root@fd00::1', { name: 'fd00::1', address: 'fd00::1', user: 'root' }],
  ])('%s', (text, wanted) => {
    expect(target(text)).toEqual(wanted);
  });

  it.each([
    '',
    '@host',
    'root@',
    'a b',
    '-oProxyCommand=x',
    'root@-oProxyCommand=x',
    'host:',
    'host:99999',
    'host:0',
    'a/b',
  ])('refuses %j', (text) => {
    expect(target(text)).toContain(`'${text}'`);
  });

  it('tells all mistakes at once, and hosts that are named twice', () => {
    const made = subjectOfAddresses(['a', 'b c', 'root@a', 'host:0']);
    expect(made.ok ? [] : made.error.map(({ message }) => message)).toEqual([
      "'b c' is no address of a host",
      "'host:0' has no valid port",
      "'a' is named twice",
    ]);
  });

  it('never lets an address become an option of ssh', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const made = subjectOfAddresses([text]);
        return (
          !made.ok ||
          made.value.hosts.every(
            ({ target: { address, user } }) => !address.startsWith('-') && user?.startsWith('-') !== true,
          )
        );
      }),
    );
  });
});

describe('the lab’s own network', () => {
  const cluster = clusterOf({ hosts: 2 }, { network: { cni: { name: 'lab' } } });

  it('is refused on real hosts by name, and taken in a lab', () => {
    expect(outsideLab(cluster, { kind: 'real' })).toMatchObject({
      code: 'lab-network-outside-lab',
      state: 'nothing was done',
    });
    expect(outsideLab(cluster, { kind: 'lab', name: 'x' })).toBeUndefined();
    expect(outsideLab(clusterOf({ hosts: 2 }), { kind: 'real' })).toBeUndefined();
  });
});
