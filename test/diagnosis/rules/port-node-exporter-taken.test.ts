import { expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnosis/diagnose.js';
import { clusterOf } from '../fixtures/cluster.js';
import { install, M1, set } from '../fixtures/edit.js';
import { healthyFacts } from '../fixtures/healthy.js';

const SHAPE = { hosts: 5, servers: 3 };
const NODE = '10.0.0.10';

interface Case {
  readonly address?: string;
  readonly port?: number;
  readonly runs?: boolean;
  readonly monitoring?: object;
}

/** What the doctor says when a program listens on a port of the first server. */
const found = (
  process: string,
  { address = '::', port = 9100, runs = false, monitoring = { enabled: true } }: Case = {},
) => {
  const facts = healthyFacts(SHAPE);
  if (runs) install(M1)(facts);
  set(M1, 'ports', [{ protocol: 'tcp', address, port, process, pid: 77 }])(facts);
  const report = diagnose({ facts, cluster: clusterOf(SHAPE, { spec: { monitoring } }) });
  if (!report.ok) throw new Error(report.error[0].message);
  return report.value.findings.find(({ code }) => code === 'port-node-exporter-taken');
};

it('is an error that names Debian’s package and what to do, also where Kubernetes runs already', () => {
  expect(found('prometheus-node', { runs: true })).toMatchObject({
    severity: 'error',
    title: 'Port 9100 (node_exporter) is taken on k3s-master-01 by prometheus-node',
    fix: { text: expect.stringContaining('systemctl disable --now prometheus-node-exporter') as string },
  });
  expect(found('prometheus-node', { address: NODE, runs: true })).toBeDefined();
});

it('takes one on the node’s address for the cluster’s where Kubernetes runs; one on all addresses never', () => {
  expect(found('node_exporter', { address: NODE, runs: true })).toBeUndefined();
  expect(found('node_exporter', { address: NODE })).toBeDefined();
  expect(found('node_exporter', { address: '0.0.0.0', runs: true })).toBeDefined();
});

it('lets be what listens on loopback alone', () => {
  expect(found('prometheus-node', { address: '127.0.0.1' })).toBeUndefined();
  expect(found('prometheus-node', { address: '::1' })).toBeUndefined();
});

it('asks for the port of the spec alone, and for none without monitoring', () => {
  const moved = { enabled: true, nodeExporter: { port: 9101 } };
  expect(found('prometheus-node', { monitoring: moved })).toBeUndefined();
  expect(found('prometheus-node', { monitoring: moved, port: 9101 })).toBeDefined();
  expect(found('prometheus-node', { monitoring: { enabled: false } })).toBeUndefined();
});
