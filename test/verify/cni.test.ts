import { expect, it } from 'vitest';
import { checkNetworkAgents, checkNodeNetwork } from '../../src/verify/cni.js';
import { node } from './fake-kube.js';

const flannel = (backend: string, address = '10.0.0.1') => ({
  'flannel.alpha.coreos.com/backend-type': backend,
  'flannel.alpha.coreos.com/public-ip': address,
});
const vxlan = { name: 'flannel', mode: 'vxlan' } as const;

it.each([
  ['a node without its subnet', node('a'), 'Flannel has not set the node up'],
  ['another back end', node('a', { annotations: flannel('host-gw') }), 'Flannel runs host-gw, wanted vxlan'],
  [
    'a tunnel at an address that is not the node’s',
    node('a', { annotations: flannel('vxlan', '10.0.0.9') }),
    "Flannel's tunnel ends at 10.0.0.9, which is none of the node's",
  ],
  ['no pod range', node('a', { annotations: flannel('vxlan'), podCidr: '' }), 'the node has no pod range'],
  [
    'a network that says it is unavailable',
    node('a', { annotations: flannel('vxlan'), conditions: { NetworkUnavailable: 'True' } }),
    'Fine',
  ],
])('fails %s', (_, given, detail) => {
  expect(checkNodeNetwork([given], vxlan)).toMatchObject([{ status: 'fail', node: 'a', detail }]);
});

it('passes a node that Flannel has set up as the spec asks', () => {
  const good = node('a', { annotations: flannel('vxlan') });
  expect(checkNodeNetwork([good], vxlan)).toMatchObject([
    { status: 'pass', detail: 'flannel, vxlan, 10.42.0.0/24' },
  ]);
});

const daemonSet = (name: string, ready: number) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name },
  status: { numberReady: ready, desiredNumberScheduled: 3 },
});

it('wants the agent of Calico or Cilium ready on every node; Flannel has none', () => {
  const calico = { name: 'calico', mode: 'vxlan' };
  const judge = (sets: Parameters<typeof checkNetworkAgents>[0]) =>
    checkNetworkAgents(sets, calico).map(({ status, detail }) => [status, detail]);
  expect(judge([daemonSet('calico-node', 3)])).toEqual([['pass', '3 of 3 ready']]);
  expect(judge([daemonSet('calico-node', 2)])).toEqual([['fail', '2 of 3 ready']]);
  expect(judge([])).toEqual([['fail', 'there is no DaemonSet calico-node']]);
  expect(checkNetworkAgents([], vxlan)).toEqual([]);
});
