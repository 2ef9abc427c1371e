import { expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnosis/diagnose.js';
import { clusterOf } from '../fixtures/cluster.js';
import { install, M1, set } from '../fixtures/edit.js';
import { healthyFacts } from '../fixtures/healthy.js';

const SHAPE = { hosts: 5, servers: 3 };

/** What the doctor says when a program listens on a port of the first server. */
const found = (process: string, port: number, { runs = false, ingress = {} } = {}) => {
  const facts = healthyFacts(SHAPE);
  if (runs) install(M1)(facts);
  set(M1, 'ports', [{ protocol: 'tcp', address: '0.0.0.0', port, process, pid: 77 }])(facts);
  const report = diagnose({ facts, cluster: clusterOf(SHAPE, { spec: { ingress } }) });
  if (!report.ok) throw new Error(report.error[0].message);
  return report.value.findings.find(({ code }) => code === 'port-http-taken');
};

it('is an error that names Apache, also where Kubernetes runs already', () => {
  expect(found('apache2', 80)).toMatchObject({ severity: 'error' });
  expect(found('apache2', 80, { runs: true })?.title).toBe(
    'Port 80 (ingress) is taken on k3s-master-01 by apache2',
  );
});

it('takes the ingress for its own where Kubernetes runs, and nowhere else', () => {
  expect(found('traefik', 443, { runs: true })).toBeUndefined();
  expect(found('nginx', 80, { runs: true })).toBeUndefined();
  expect(found('nginx', 80)).toBeDefined();
});

it('asks for the ports of the spec alone, and for none without an ingress on the hosts', () => {
  expect(found('apache2', 80, { ingress: { ports: { http: 8080 } } })).toBeUndefined();
  expect(found('apache2', 8080, { ingress: { ports: { http: 8080 } } })).toBeDefined();
  expect(found('python3', 10254)).toBeDefined();
  expect(found('apache2', 80, { ingress: { controller: 'none' } })).toBeUndefined();
  expect(found('apache2', 80, { ingress: { hostNetwork: false } })).toBeUndefined();
});
