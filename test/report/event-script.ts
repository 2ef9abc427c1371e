import type { DroverEvent } from '../../src/core/events/event.js';
import type { Finding } from '../../src/core/events/finding.js';

export const blocked: Finding = {
  code: 'vxlan-port-blocked',
  severity: 'error',
  title: 'UDP 8472 does not arrive at k3s-worker-01',
  hosts: ['k3s-worker-01'],
  pairs: [
    ['k3s-master-01', 'k3s-worker-01'],
    ['k3s-master-02', 'k3s-worker-01'],
  ],
  evidence: [
    {
      host: 'k3s-master-01',
      fact: 'probes.udp/8472@10.0.0.0/24',
      text: 'sent 5 datagrams, none seen at eth0 of k3s-worker-01',
    },
    {
      host: 'k3s-master-02',
      fact: 'probes.udp/8472@10.0.0.0/24',
      text: 'sent 5 datagrams, none seen at eth0 of k3s-worker-01',
    },
    { fact: 'probes.udp/51999@10.0.0.0/24', text: 'control port 51999 beside it passes between all pairs' },
  ],
  cause: 'Something between the hosts drops UDP 8472: a provider firewall, or a rule before the interface.',
  fix: {
    kind: 'manual',
    text: 'Allow UDP 8472 between all hosts of 10.0.0.0/24 in the firewall in front of k3s-worker-01.',
  },
  source: 'K3s: inbound rules for nodes',
};

const tunnel: Finding = {
  code: 'vxlan-frames-lost',
  severity: 'error',
  title: 'VXLAN frames on port 8472 do not reach k3s-worker-01',
  hosts: ['k3s-worker-01'],
  evidence: [{ fact: 'probes.vxlan/8472@10.0.0.0/24', text: '2 of 6 pairs' }],
  cause: 'The port itself is blocked.',
  fix: { kind: 'manual', text: 'See the cause.' },
  under: 'vxlan-port-blocked',
};

const swap: Finding = {
  code: 'swap-on',
  severity: 'warning',
  title: 'Swap is on',
  hosts: ['k3s-master-02'],
  evidence: [{ host: 'k3s-master-02', fact: 'hosts.k3s-master-02.swap', text: '/swapfile, 2.0 GiB' }],
  cause: 'kubelet accounts memory without swap.',
  fix: { kind: 'step', step: 'host/swap-off', text: 'Turn swap off and keep it off.' },
};

/** One doctor run with everything in it: three hosts, one of them away, cause and symptom, a table of verdicts. */
export const doctorScript: readonly DroverEvent[] = [
  { type: 'version', interface: '1.0', tool: '0.1.0', realm: 'lab/keybuzz' },
  { type: 'phase-start', phase: 'facts', title: 'reading facts', total: 4 },
  { type: 'host-start', phase: 'facts', host: 'k3s-master-01' },
  { type: 'host-start', phase: 'facts', host: 'k3s-master-02' },
  { type: 'host-start', phase: 'facts', host: 'k3s-worker-01' },
  { type: 'host-start', phase: 'facts', host: 'k3s-worker-02' },
  { type: 'host-progress', phase: 'facts', host: 'k3s-worker-01', text: 'connecting' },
  {
    type: 'host-done',
    phase: 'facts',
    host: 'k3s-master-01',
    durationMs: 812,
    text: '10.0.0.100 · Debian 13 · Linux 6.12 · 4 CPUs · 8 GiB',
  },
  {
    type: 'host-done',
    phase: 'facts',
    host: 'k3s-worker-01',
    durationMs: 901,
    text: '10.0.0.110 · Debian 13 · Linux 6.12 · 4 CPUs · 8 GiB',
  },
  {
    type: 'host-done',
    phase: 'facts',
    host: 'k3s-master-02',
    durationMs: 950,
    text: '10.0.0.101 · Debian 13 · Linux 6.12 · 4 CPUs · 8 GiB',
  },
  { type: 'waiting', what: 'k3s-worker-02', sinceMs: 31_000, last: 'no answer from 10.0.0.111:22' },
  {
    type: 'host-failed',
    phase: 'facts',
    host: 'k3s-worker-02',
    durationMs: 40_000,
    error: {
      code: 'ssh-unreachable',
      message: 'k3s-worker-02 does not answer',
      host: 'k3s-worker-02',
      cause: 'no route to host',
    },
  },
  { type: 'phase-done', phase: 'facts', title: 'facts of 3 hosts', durationMs: 40_100 },
  { type: 'phase-start', phase: 'probes', title: 'probing pairs', total: 3 },
  { type: 'host-start', phase: 'probes', host: 'k3s-master-01' },
  { type: 'host-done', phase: 'probes', host: 'k3s-master-01', durationMs: 1400, text: '14 probes' },
  { type: 'phase-done', phase: 'probes', title: '6 pairs, 14 probes', durationMs: 2300 },
  {
    type: 'note',
    level: 'warning',
    text: 'perl is missing: raw protocols were not probed',
    host: 'k3s-master-02',
  },
  {
    type: 'diagnostic',
    severity: 'warning',
    error: {
      code: 'spec-even-servers',
      message: 'two servers survive no failure',
      location: { file: 'drover.yaml', line: 12, column: 5, length: 5, text: '    hosts: servers.tsv' },
      label: 'two rows have the role server',
      hint: 'use one or three servers',
    },
  },
  { type: 'finding', finding: swap },
  { type: 'finding', finding: tunnel },
  { type: 'finding', finding: blocked },
  {
    type: 'matrix',
    matrix: {
      id: 'udp/8472@10.0.0.0/24',
      title: 'UDP 8472',
      network: '10.0.0.0/24',
      control: false,
      hosts: ['k3s-master-01', 'k3s-master-02', 'k3s-worker-01'],
      rows: ['.+-', '+.-', '++.'],
    },
  },
  {
    type: 'matrix',
    matrix: {
      id: 'path-mtu@10.0.0.0/24',
      title: 'path MTU',
      network: '10.0.0.0/24',
      control: true,
      hosts: ['k3s-master-01', 'k3s-master-02', 'k3s-worker-01'],
      rows: [],
      values: { unit: 'bytes', usual: 1500, except: [[0, 2, 1450]] },
    },
  },
  {
    type: 'verdict',
    verdict: {
      option: 'flannel-vxlan',
      title: 'Flannel VXLAN',
      status: 'works-if',
      conditions: [
        'UDP 8472 is allowed to k3s-worker-01',
        'the MTU is set to 1400, because one path carries 1450 bytes only',
      ],
      evidence: [{ fact: 'probes.udp/8472@10.0.0.0/24', text: '2 of 6 pairs fail' }],
      mtu: 1400,
      asked: true,
    },
  },
  {
    type: 'verdict',
    verdict: {
      option: 'calico-ipip',
      title: 'Calico IPIP',
      status: 'cannot',
      conditions: ['the kernel of all hosts has no IPIP (CONFIG_NET_IPIP is not set)'],
      evidence: [],
      asked: false,
    },
  },
  {
    type: 'verdict',
    verdict: {
      option: 'calico-vxlan',
      title: 'Calico VXLAN',
      status: 'works',
      conditions: [],
      evidence: [
        {
          fact: 'probes.vxlan/4789@10.0.0.0/24',
          text: 'real VXLAN frames pass on UDP 4789 between all 6 pairs',
        },
      ],
      mtu: 1400,
      asked: false,
    },
  },
  {
    type: 'verdict',
    verdict: {
      option: 'cilium-native',
      title: 'Cilium native',
      status: 'unknown',
      conditions: ['measure adjacency'],
      evidence: [],
      asked: false,
    },
  },
  {
    type: 'service',
    service: {
      service: 'postgres',
      place: '10.0.0.10:5432',
      heard: [
        { ok: true, text: 'PostgreSQL, with TLS', hosts: ['k3s-master-01', 'k3s-master-02'] },
        { ok: false, text: 'Connection refused', hosts: ['k3s-worker-01'] },
      ],
    },
  },
  {
    type: 'service',
    service: {
      service: 'minio on minio-01',
      place: '10.0.0.130:9000',
      heard: [{ ok: true, text: 'status 200', hosts: ['k3s-master-01', 'k3s-master-02', 'k3s-worker-01'] }],
    },
  },
  {
    type: 'doctor-summary',
    hosts: 4,
    unreachable: ['k3s-worker-02'],
    errors: 2,
    warnings: 1,
    infos: 0,
    ignored: ['time-not-synchronised'],
    durationMs: 43_200,
    factsFile: '.drover/facts/2026-01-02T03-04-05Z.json',
    next: 'drover explain vxlan-port-blocked',
  },
];
