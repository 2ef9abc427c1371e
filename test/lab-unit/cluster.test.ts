import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readAccess } from '../../src/core/admin-access.js';
import { memberConfig } from '../../src/lab/cluster/config.js';
import { forwardedKubeconfig } from '../../src/lab/cluster/kubeconfig.js';
import { podsCanRun } from '../../src/lab/cluster/share.js';
import { planLab } from '../../src/lab/plan.js';
import { specHost, specOf } from './rig.js';

const members = [
  specHost('server-1', '10.0.0.11', 'server'),
  specHost('server-2', '10.0.0.12', 'server'),
  specHost('agent-1', '10.0.0.21'),
];
const CHOICE = { routed: false, hosts: [], with: [], cluster: true };

const plan = () => {
  const made = planLab(specOf(members), CHOICE);
  if (!made.ok) throw new Error(made.error.map(({ message }) => message).join('; '));
  return made.value;
};

const configOf = (name: string): unknown => {
  const lab = plan();
  const host = lab.hosts.find((one) => one.name === name);
  if (host === undefined || lab.cluster === undefined) throw new Error(name);
  return parse(memberConfig(lab, host, { cluster: lab.cluster, token: 'secret' }));
};

describe('the settings of a cluster in a lab', () => {
  it('let the first server found the cluster, with the ranges of the spec and names for all servers', () => {
    expect(configOf('server-1')).toEqual({
      'cluster-init': true,
      token: 'secret',
      'node-name': 'server-1',
      'node-ip': '10.0.0.11',
      'flannel-iface': 'host0',
      'cluster-cidr': '10.42.0.0/16',
      'service-cidr': '10.43.0.0/16',
      'cluster-dns': '10.43.0.10',
      'cluster-domain': 'cluster.local',
      'flannel-backend': 'vxlan',
      'https-listen-port': 6443,
      disable: ['traefik', 'servicelb'],
      'etcd-arg': ['strict-reconfig-check=false'],
      'tls-san': ['server-1', '10.0.0.11', 'server-2', '10.0.0.12'],
    });
  });

  it('let everybody else join it', () => {
    expect(configOf('server-2')).toMatchObject({
      server: 'https://10.0.0.11:6443',
      'flannel-backend': 'vxlan',
    });
    expect(configOf('agent-1')).toEqual({
      server: 'https://10.0.0.11:6443',
      token: 'secret',
      'node-name': 'agent-1',
      'node-ip': '10.0.0.21',
      'flannel-iface': 'host0',
    });
  });
});

describe('the plan of a lab with a cluster', () => {
  it('refuses virtual machines and hosts without a server', () => {
    const refused = planLab(specOf(members), { ...CHOICE, hosts: ['agent-1'], vm: {} });
    expect(refused.ok ? [] : refused.error.map(({ message }) => message)).toEqual([
      '--cluster does not work with --vm',
      'A cluster needs a server, and none of the hosts is one',
    ]);
  });
});

describe('the kubeconfig of a lab', () => {
  it('leads to the loopback under a name that the certificate has, with the keys of the server’s own', () => {
    const own = [
      'apiVersion: v1',
      'kind: Config',
      'clusters: [{ name: default, cluster: { server: "https://127.0.0.1:6443", certificate-authority-data: Q0E= } }]',
      'users: [{ name: default, user: { client-certificate-data: Q1Q=, client-key-data: S1k= } }]',
    ].join('\n');
    const access = readAccess(own);
    if (access === undefined) throw new Error('not read');
    expect(access.port).toBe(6443);
    expect(parse(forwardedKubeconfig(access, 'shop', 40_001))).toEqual({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: 'drover-lab-shop',
          cluster: {
            server: 'https://127.0.0.1:40001',
            'tls-server-name': 'kubernetes',
            'certificate-authority-data': 'Q0E=',
          },
        },
      ],
      users: [
        { name: 'drover-lab-shop', user: { 'client-certificate-data': 'Q1Q=', 'client-key-data': 'S1k=' } },
      ],
      contexts: [
        { name: 'drover-lab-shop', context: { cluster: 'drover-lab-shop', user: 'drover-lab-shop' } },
      ],
      'current-context': 'drover-lab-shop',
    });
  });

  it('is not made from a file that is none, or half of one', () => {
    expect(readAccess('')).toBeUndefined();
    expect(readAccess('clusters: []\nusers: []')).toBeUndefined();
    expect(readAccess('clusters: [{ name: "def')).toBeUndefined();
  });
});

describe('images of a build', () => {
  const image = { name: 'pause', reference: 'pause:1', path: '/c/pause.tar', made: false };
  const real = { kind: 'real', path: '/c/k3s', version: 'v1.34.2+k3s1', sha256: 'ab' } as const;
  it.each([
    ['the engine’s own', { k3s: { ...real, kind: 'engine' }, images: [image] }, true],
    ['none beside a real K3s, for want of Go', { k3s: real, images: [] }, false],
    ['those in the archive of a real K3s', { k3s: { ...real, images: '/c/images.tar' }, images: [] }, true],
  ] as const)('let pods run: %s', (_, build, expected) => {
    expect(podsCanRun({ ...build, programs: [] })).toBe(expected);
  });
});
