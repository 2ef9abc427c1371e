import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Kube } from '../../src/core/ports/kube.js';
import { drover, must, specFolder } from './support/cli.js';
import { kubeOf, matrix, rootOn, wholeMatrix } from './support/cluster.js';
import { addExternalHost } from './support/external-host.js';

const LAB = 'it-host-gw';
const RANGES =
  '    pods: 10.142.0.0/16\n    services: 10.143.0.0/16\n    cni: { name: flannel, mode: host-gw }';
let folder: string;
let kube: Kube;

beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: '10.74.0', servers: 1, agents: 1, more: RANGES });
  await addExternalHost(folder, 'lb-1', '10.74.0.5');
  await must(['lab', 'up', '--cluster', '--timeout', '120'], folder);
  kube = await kubeOf(LAB, folder);
});
afterAll(async () => {
  kube.close();
  await drover(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true });
});

it('carries pods over plain routes, with the ranges of the spec', async () => {
  const { tried, failed } = await matrix(kube, ['server-1', 'agent-1']);
  expect(failed).toEqual([]);
  expect(tried).toEqual(wholeMatrix(2));
  const routes = await rootOn(LAB, 'server-1', 'ip route show; ip link show', folder);
  expect(routes).toMatch(/10\.142\.\d+\.0\/24 via 10\.74\.0\.21 dev host0/);
  expect(routes).not.toContain('flannel.1');
});

const BALANCE = `defaults
  mode tcp
  timeout connect 2s
  timeout client 10s
  timeout server 10s
listen api
  bind :6443
  server server-1 10.74.0.11:6443`;

it('has an external host of the spec beside it, that installs HAProxy and leads to the API', async () => {
  const on = (command: string): Promise<string> => rootOn(LAB, 'lb-1', command, folder);
  await on('apt-get -qq update && apt-get -qq install -y haproxy >/dev/null 2>&1');
  await on(`echo '${BALANCE}' >/etc/haproxy/haproxy.cfg && systemctl restart haproxy`);
  expect(await on('curl -sk --retry 5 --retry-all-errors https://127.0.0.1:6443/ping')).toBe('pong');
  const nodes = await rootOn(LAB, 'server-1', 'k3s kubectl get nodes -o name', folder);
  expect(nodes.split('\n').sort()).toEqual(['node/agent-1', 'node/server-1']);
});

it('is not made from a spec that it cannot follow', async () => {
  const calico = await specFolder({
    name: 'it-calico',
    net: '10.74.0',
    servers: 1,
    agents: 0,
    more: '    cni: { name: calico, mode: vxlan }',
  });
  const refused = await drover(['lab', 'up', '--cluster'], calico);
  expect(refused.status).toBe(10);
  expect(refused.stderr).toContain('flannel with vxlan or host-gw, and the spec says calico vxlan');
  await rm(calico, { recursive: true });
});
