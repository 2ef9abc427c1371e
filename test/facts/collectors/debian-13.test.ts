import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { CollectorId } from '../../../src/facts/model/host-facts.js';
import { parse } from './parse.js';

/** Output of every fragment on a Debian 13 host with a Flannel device, leftovers of others, and closed ports. */
const recorded = JSON.parse(readFileSync(join(import.meta.dirname, 'debian-13.json'), 'utf8')) as Record<
  CollectorId,
  string
>;
const read = <Id extends CollectorId>(id: Id) => parse(id, recorded[id]);

it('os', () => {
  expect(read('os')).toMatchObject({ id: 'debian', versionId: '13', arch: 'x86_64', sharedKernel: true });
});

it('identity', () => {
  expect(read('identity')).toMatchObject({
    hostname: 'k3s-master-01',
    staticHostname: 'k3s-master-01',
    hostnameResolvesTo: ['10.0.0.100'],
  });
  // As ssh-keygen prints them.
  expect(read('identity').sshHostKeys).toEqual([
    'SHA256:TwQDaQAq+nCtPCJ9rN4/l27czAqLMBPTFALQ/0FKBOc',
    'SHA256:G4x02tbnmFdzaptj0d516k50mdcKC9sX3x/p6VfXUuw',
    'SHA256:25tesgbAP2KV+iSpvs6fzU58krufwxcXN4TxK1b30zM',
  ]);
});

it('links: loopback left out, VXLAN with its port and local address', () => {
  const links = read('links');
  expect(links.map(({ name }) => name)).toEqual(['peer0', 'eth0', 'flannel.1', 'cni0']);
  expect(links.find(({ name }) => name === 'eth0')).toMatchObject({
    mtu: 1450,
    mac: '02:00:00:00:00:64',
    up: true,
  });
  expect(links.find(({ name }) => name === 'flannel.1')).toMatchObject({
    kind: 'vxlan',
    vxlan: { id: 1, port: 8472, local: '10.0.0.100', external: false },
  });
});

it('routes: gateways, onlink, black holes and rules', () => {
  const { routes, rules } = read('routes');
  expect(routes).toContainEqual(
    expect.objectContaining({ destination: 'default', gateway: '10.0.0.1', device: 'eth0', onlink: false }),
  );
  expect(routes).toContainEqual(
    expect.objectContaining({ destination: '10.42.1.0/24', device: 'flannel.1', onlink: true }),
  );
  expect(routes).toContainEqual(
    expect.objectContaining({ destination: '10.42.130.0/26', type: 'blackhole', protocol: '80' }),
  );
  expect(routes.filter(({ table }) => table === 'local')).toEqual([]);
  expect(rules).toContainEqual({ priority: 9, text: 'from all fwmark 0x200/0xf00 lookup 2004' });
});

it('neighbours', () => {
  expect(read('neighbours')).toContainEqual({
    address: '10.0.0.110',
    device: 'eth0',
    mac: '02:00:00:00:00:6e',
    state: 'STALE',
  });
});

it('ports: a service with its process, a kernel socket without', () => {
  expect(read('ports')).toEqual([
    { protocol: 'udp', address: '0.0.0.0', port: 8472 },
    { protocol: 'tcp', address: '0.0.0.0', port: 6443, process: 'perl', pid: 21 },
  ]);
});

it('resolver: what the file says, and a dead server named', () => {
  expect(read('resolver')).toMatchObject({
    nameservers: ['127.0.0.1'],
    search: ['example.internal'],
    options: ['timeout:2'],
    owner: 'static',
    immutable: false,
    lookups: [{ server: '127.0.0.1', ok: false, detail: 'nothing listens there (refused)' }],
  });
});

it('firewall: rules that drop or reject, of both languages, also behind jumps', () => {
  const { drops, chains, iptables, ufw } = read('firewall');
  expect(iptables).toEqual({ version: '1.8.11', backend: 'nft' });
  expect(ufw).toEqual({ installed: true, active: false, defaultInput: 'drop', rules: [] });
  expect(drops).toEqual([
    expect.objectContaining({ table: 'filter', chain: 'INPUT', hook: 'input', protocol: 'udp', port: 8472 }),
    expect.objectContaining({ table: 'filter', chain: 'MINE', hook: 'input', protocol: 'tcp' }),
    expect.objectContaining({ table: 'provider', chain: 'in', hook: 'input', protocol: 'tcp', port: 6443 }),
    expect.objectContaining({ table: 'provider', chain: 'in', hook: 'input', protocol: 'ipencap' }),
  ]);
  expect(chains).toContainEqual(
    expect.objectContaining({ family: 'inet', table: 'provider', chain: 'in', policy: 'accept', rules: 3 }),
  );
});

it('ipsets: revisions of the sets and of the program', () => {
  const { version, sets, supported } = read('ipsets');
  expect(version).toBe('7.22');
  expect(sets).toEqual([
    { name: 'cali40this-host', type: 'hash:ip', revision: 6, references: 0, entries: 0 },
    { name: 'KUBE-SRC-ABC', type: 'hash:net', revision: 7, references: 0, entries: 0 },
  ]);
  expect(supported).toMatchObject({ 'hash:ip': 6, 'hash:net': 7, 'hash:ip,port,net': 8, 'list:set': 3 });
});

it('traces: what each network left, by owner', () => {
  const found = read('traces').map(({ owner, kind, name }) => `${owner} ${kind} ${name}`);
  expect(found).toEqual([
    'flannel link flannel.1',
    'flannel link cni0',
    'flannel route 10.42.1.0/24 via 10.42.1.0 dev flannel.1 onlink',
    'calico route blackhole 10.42.130.0/26 proto 80',
    'cilium rule 9:	from all fwmark 0x200/0xf00 lookup 2004',
    'calico chain cali-POSTROUTING',
    'kube-router chain KUBE-ROUTER-INPUT',
    'flannel chain FLANNEL-POSTRTG',
    'kube-proxy chain KUBE-SERVICES',
    'flannel rule -A POSTROUTING -m comment --comment "flanneld masq" -j FLANNEL-POSTRTG',
    'calico ipset cali40this-host',
    'kube-router ipset KUBE-SRC-ABC',
  ]);
});

it('packages', () => {
  expect(read('packages')).toMatchObject({
    manager: 'apt',
    broken: false,
    programs: {
      iptables: '1.8.11',
      nft: '1.1.3',
      ip: '6.15.0',
      perl: '5.40.1',
      python3: '3.13.5',
      tar: 'present',
    },
  });
});

it('sysctls and limits', () => {
  expect(read('sysctls')).toMatchObject({
    'net.ipv4.conf.flannel/1.rp_filter': expect.any(String) as string,
  });
  expect(read('limits')).toMatchObject({ inotifyInstances: 1064, conntrackMax: 262144, nofileHard: 20000 });
});

it('the rest', () => {
  expect(read('cpu')).toMatchObject({ count: 4, model: 'AMD EPYC' });
  expect(read('swap')).toEqual({ totalKiB: 0, active: [], fstab: [], zram: false });
  expect(read('sudo')).toEqual({ user: 'root', uid: 0, root: true });
  expect(read('kubernetes')).toMatchObject({ installs: [], certificates: [] });
  expect(read('cgroups').controllers).toContain('memory');
  expect(read('memory').totalKiB).toBeGreaterThan(1_000_000);
});
