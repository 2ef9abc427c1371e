import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/core/ports/kube.js';
import { ok } from '../../../src/core/result.js';
import { cniUp } from '../../../src/steps/cni/up.js';
import { readingOnly } from '../../../src/steps/kube-reads.js';
import type { ApplyContext, VerifyContext } from '../../../src/steps/step.js';
import { apiServer } from '../../bundle/support/api/server.js';
import { immediateClock } from '../../run/immediate-clock.js';
import { fakeHost, seeing, worldOf } from '../host/world.js';
import { INPUT, NODES } from './support/nodes.js';

const PARAMS = { driver: 'lab-daemonset' as const, input: INPUT, limitSeconds: 5 };

const WHOLE = `device UP
address 10.42.128.0/32
route 10.42.128.64/26 via 10.42.128.64 dev labnet.1
route 10.42.128.128/26 via 10.42.128.128 dev labnet.1
`;

const daemonSet = (ready: number): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'labnet', namespace: 'lab-network', uid: 'ds' },
  spec: {},
  status: { observedGeneration: 9, desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberReady: ready },
});

const agent = (node: string, uid: string, ready: boolean): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `labnet-${node}`,
    namespace: 'lab-network',
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'labnet', uid, controller: true }],
  },
  spec: { nodeName: node, hostNetwork: true },
  status: {
    phase: 'Running',
    podIP: '10.0.0.1',
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    containerStatuses: [{ name: 'labnet', ready }],
  },
});

/** A cluster whose agents are ready on so many of three nodes, and whose hosts answer so. */
const scene = (ready: number, answers: Partial<Record<string, string>> = {}) => {
  const api = apiServer('shop');
  api.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'lab-network' } });
  const { uid = '' } = api.put(daemonSet(ready)).metadata;
  for (const [index, node] of NODES.entries()) api.put(agent(node, uid, index < ready));
  const kube = {
    ...api.kube,
    logs: () => Promise.resolve(ok('starting\ncannot make labnet.1: File exists\n')),
  };
  const read = (host: string) => ({
    read: () => Promise.resolve(ok({ status: 0, stdout: answers[host] ?? WHOLE, stderr: '' })),
  });
  const told: string[] = [];
  const base = fakeHost(worldOf({})).context;
  const subject = { hosts: NODES };
  const context: ApplyContext = {
    ...base,
    subject,
    clock: immediateClock(),
    progress: (text) => told.push(text),
    on: (host) => ({ ...base.on(host), ...read(host) }),
    kube: () => Promise.resolve(ok(kube)),
  };
  const reading: VerifyContext = {
    ...seeing(worldOf({}), ''),
    subject,
    read,
    kube: () => Promise.resolve(ok(readingOnly(kube))),
  };
  return { api, context, reading, told };
};

describe('a network that shall be up', () => {
  it('is, when its agents are ready and what they make is on every host; nothing is changed for that', async () => {
    const { api, context, reading } = scene(3);
    expect(cniUp.diff(null, PARAMS)).toMatchObject([{ after: 'ready, with labnet.1 and routes' }]);
    expect(await cniUp.apply(context, PARAMS, null)).toEqual({ ok: true, value: {} });
    expect(await cniUp.verify(reading, PARAMS)).toEqual({
      ok: true,
      value: { text: 'agents ready on every node, labnet.1 and routes there' },
    });
    expect(api.calls.filter(({ verb }) => verb !== 'get' && verb !== 'list')).toEqual([]);
  });

  it('is not, and the node, the pod and its last lines are named, after it was waited for', async () => {
    const { context, told } = scene(2);
    expect(await cniUp.apply(context, PARAMS, null)).toMatchObject({
      error: {
        class: 'permanent',
        code: 'cni-not-up',
        host: 'a2',
        message: 'a2: the pod lab-network/labnet-a2 of lab-network/labnet is not ready',
        cause: expect.stringContaining('cannot make labnet.1: File exists') as string,
      },
    });
    expect(told.length).toBeGreaterThan(3);
  });

  it('is not while its agents say that they are ready and a host lacks the device', async () => {
    const { context, reading } = scene(3, {
      a1: WHOLE.replace('device UP\naddress 10.42.128.0/32', 'device '),
    });
    const failed = {
      error: {
        code: 'cni-not-up',
        host: 'a1',
        message: 'a1: the agents are ready, but the device labnet.1 is missing',
        cause: 'lab-network/labnet-a1: starting · cannot make labnet.1: File exists',
      },
    };
    expect(await cniUp.apply(context, PARAMS, null)).toMatchObject(failed);
    expect(await cniUp.verify(reading, PARAMS)).toMatchObject(failed);
  });

  it('is not where nobody has made it', async () => {
    const { api, context } = scene(3);
    const ref = {
      resource: { group: 'apps', version: 'v1', plural: 'daemonsets' },
      namespace: 'lab-network',
      name: 'labnet',
    };
    api.store.remove(ref);
    expect(await cniUp.apply(context, PARAMS, null)).toMatchObject({
      error: { message: 'lab-network/labnet: the present one is ready on 0 of 0 nodes' },
    });
  });
});
