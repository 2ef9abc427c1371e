import { describe, expect, it } from 'vitest';
import { type LabChoice, planLab } from '../../src/lab/plan.js';
import { needsOf } from '../../src/lab/requirements.js';
import { specHost, specOf } from './rig.js';

const choice = (change: Partial<LabChoice> = {}): LabChoice => ({
  routed: false,
  hosts: [],
  with: [],
  ...change,
});
const hosts = [
  specHost('server-1', '10.0.0.11', 'server'),
  specHost('agent-1', '10.0.0.21'),
  specHost('db-1', '10.0.0.31', 'external'),
];

const planned = (...args: Parameters<typeof planLab>) => {
  const plan = planLab(...args);
  if (!plan.ok) throw new Error(plan.error.map((error) => error.message).join('; '));
  return plan.value;
};
const refused = (...args: Parameters<typeof planLab>) => {
  const plan = planLab(...args);
  return plan.ok ? [] : plan.error.map(({ code, message }) => `${code}: ${message}`);
};

describe('the plan of a lab', () => {
  it('takes servers and agents, the name of the cluster and the first address as gateway', () => {
    const plan = planned(specOf(hosts), choice());
    expect(plan.hosts.map((host) => host.name)).toEqual(['server-1', 'agent-1']);
    expect(plan).toMatchObject({
      name: 'shop',
      gateway: '10.0.0.1',
      network: 'switched',
      resolvers: ['1.1.1.1', '8.8.8.8'],
    });
  });

  it('needs more memory and disk when the hosts shall have a cluster', () => {
    expect(needsOf(planned(specOf(hosts), choice()))).toEqual({ hosts: 2, memoryMiB: 328, diskMiB: 128 });
    expect(needsOf(planned(specOf(hosts), choice({ cluster: true })))).toEqual({
      hosts: 2,
      memoryMiB: 998,
      diskMiB: 928,
    });
  });

  it('adds external hosts that the user or the spec asks for', () => {
    expect(planned(specOf(hosts), choice({ with: ['db-1'] })).hosts).toHaveLength(3);
    expect(planned(specOf(hosts, { lab: { external: ['db-1'] } }), choice()).hosts).toHaveLength(3);
  });

  it('keeps to the named hosts, whatever the spec adds', () => {
    const plan = planned(specOf(hosts, { lab: { external: ['db-1'] } }), choice({ hosts: ['agent-1'] }));
    expect(plan.hosts.map((host) => host.name)).toEqual(['agent-1']);
  });

  it('takes resolvers, network and firewall of the spec, and lets --routed win', () => {
    const rules = [{ direction: 'in', protocol: 'tcp', port: '22', addresses: ['0.0.0.0/0'] }];
    const spec = specOf(hosts, { resolvers: ['9.9.9.9', '2620:fe::fe'], lab: { firewall: { rules } } });
    expect(planned(spec, choice({ routed: true }))).toMatchObject({
      resolvers: ['9.9.9.9'],
      network: 'routed',
      firewall: rules,
    });
  });

  it('sizes virtual machines as the spec says, unless the command line says otherwise', () => {
    const spec = specOf(hosts, { lab: { resources: { cpus: '4', memory: '2Gi' } } });
    expect(planned(spec, choice({ vm: {} })).vm).toEqual({ memoryMiB: 2048, processors: 4 });
    expect(planned(spec, choice({ vm: { memoryMiB: 700 } })).vm).toEqual({ memoryMiB: 700, processors: 4 });
    expect(planned(specOf(hosts), choice({ vm: {} })).vm).toEqual({ memoryMiB: 1024 });
  });

  it('refuses sizes that it cannot give', () => {
    const sized = (resources: object): ReturnType<typeof specOf> => specOf(hosts, { lab: { resources } });
    expect(refused(sized({ cpus: 2, memory: '4Gi', disk: '20Gi' }), choice())).toEqual([
      "lab-spec: Lab hosts that are containers share this machine's cpus",
      "lab-spec: Lab hosts that are containers share this machine's memory",
      "lab-spec: Lab hosts that are containers share this machine's disk",
    ]);
    expect(refused(sized({ cpus: '250m', memory: '100M', disk: '20Gi' }), choice({ vm: {} }))).toEqual([
      "lab-spec: The disk of the lab's virtual machines has 16 GiB, always",
      'lab-spec: A virtual machine has whole CPUs, not 250m',
      'lab-spec: A virtual machine does not boot with 100M',
    ]);
    expect(refused(sized({ memory: '100M' }), choice({ vm: { memoryMiB: 600 } }))).toEqual([]);
  });

  it('reports everything that is wrong at once', () => {
    const bad = [
      specHost('first', '10.0.0.1'),
      specHost('resolver', '1.1.1.1'),
      specHost('a', '10.0.0.9'),
      specHost('b', '10.0.0.9'),
      specHost('six', 'fd00::1'),
    ];
    expect(refused(specOf(bad), choice({ name: 'Not A Name', with: ['nobody'] }))).toEqual([
      "lab-name: 'Not A Name' cannot be the name of a lab",
      "lab-host-unknown: The spec has no host 'nobody'",
      'lab-spec: resolver: 1.1.1.1 lies outside the node range 10.0.0.0/24',
      "lab-spec: six: the lab needs an IPv4 address, not 'fd00::1'",
      'lab-address-conflict: first and the gateway of the lab both have the address 10.0.0.1',
      'lab-address-conflict: resolver and a resolver answered by the lab both have the address 1.1.1.1',
      'lab-address-conflict: b and a both have the address 10.0.0.9',
    ]);
  });

  it('refuses an IPv6 node range and a spec without hosts', () => {
    expect(refused(specOf(hosts, { nodes: 'fd00::/64' }), choice())).toEqual([
      "lab-spec: The lab needs an IPv4 node range, not 'fd00::/64'",
    ]);
    expect(refused(specOf([]), choice())).toEqual(['lab-spec: The spec has no hosts to make']);
  });

  it('names hosts that the spec does not have, and nothing else', () => {
    expect(refused(specOf(hosts), choice({ hosts: ['nobody'] }))).toEqual([
      "lab-host-unknown: The spec has no host 'nobody'",
    ]);
  });
});
