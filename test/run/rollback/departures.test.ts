import { describe, expect, it } from 'vitest';
import type { ClusterFacts } from '../../../src/facts/cluster/cluster-facts.js';
import { nodeFacts } from '../../../src/facts/cluster/node-facts.js';
import type { Action } from '../../../src/plan/model.js';
import { departures } from '../../../src/run/rollback/departures.js';
import type { Verdict } from '../../../src/run/rollback/survey.js';
import { clusterFacts } from '../../support/cluster-facts.js';

const undo = (kind: 'server' | 'agent', host: string, after: readonly string[] = []): Action => ({
  id: `undo/k3s.${kind}/${host}`,
  step: `undo:k3s.${kind}`,
  title: `Take back: start ${host}`,
  scope: 'host',
  host,
  hosts: [host],
  params: {},
  after: [...after],
  changes: [],
  risk: 'medium',
  undo: { kind: 'restorePoint' },
  replay: 'converges',
  disruptive: kind === 'server',
  expected: { seconds: 15 },
});

const READY = { type: 'Ready', status: 'True' };

const etcdNode = (name: string) =>
  nodeFacts({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: `u-${name}`, labels: { 'node-role.kubernetes.io/etcd': 'true' } },
    status: { conditions: [READY, { type: 'EtcdIsVoter', status: 'True' }] },
  });

const agentNode = (name: string, ready = READY) =>
  nodeFacts({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: `u-${name}` },
    status: { conditions: [ready] },
  });

interface Given {
  readonly nodes: ClusterFacts['nodes'];
  readonly remaining: readonly string[];
  /** What became of the saved way out of K3s; left by the action unless told otherwise. */
  readonly verdict?: Verdict;
  readonly volumes?: ClusterFacts['volumes'];
}

const plan = (undos: readonly Action[], { nodes, remaining, verdict = 'left', volumes = [] }: Given) => {
  const thing = { kind: 'script', name: 'k3s', verdict, saved: 'clean', now: 'there' };
  const surveys = new Map(
    undos.map(({ id, host = '' }) => [host, new Map([[id.replace(/^undo\//, ''), [thing]]])]),
  );
  const facts: ClusterFacts = clusterFacts({ nodes, volumes });
  return departures(undos, {
    run: 'r',
    plan: {} as never,
    events: [],
    surveys,
    step: () => undefined,
    cluster: facts,
    remaining,
    overwrite: false,
    leaveDamaged: false,
    tool: '1',
    createdAt: '',
  });
};

const order = (actions: readonly Action[]) =>
  actions.map(({ id, after }) => `${id}${after.length === 0 ? '' : ` after ${after.join(', ')}`}`);

describe('nodes that a rollback takes out of a cluster that lives on', () => {
  it('are drained, stopped, and then deleted with the UID that they have now', () => {
    const actions = plan([undo('agent', 'agent-1', ['undo/other'])], {
      nodes: [etcdNode('server-1'), agentNode('agent-1')],
      remaining: ['server-1'],
    });
    expect(order(actions)).toEqual([
      'drain/agent-1 after undo/other',
      'undo/k3s.agent/agent-1 after drain/agent-1',
      'leave/agent-1 after undo/k3s.agent/agent-1',
    ]);
    expect(actions[0]).toMatchObject({
      step: 'k3s.drain',
      host: 'agent-1',
      params: { node: 'agent-1', limitSeconds: 300, dataAgreed: false },
      disruptive: false,
      changes: [{ kind: 'run', what: 'node agent-1', after: 'cordoned, its pods moved' }],
    });
    expect(actions[2]).toMatchObject({
      step: 'k3s.remove-node',
      host: 'agent-1',
      params: { node: 'agent-1', uid: 'u-agent-1', server: false },
      disruptive: false,
      changes: [{ kind: 'remove', what: 'node agent-1' }],
    });
  });

  it('are not drained when they are not Ready: nobody is there to end their pods', () => {
    const actions = plan([undo('agent', 'agent-1')], {
      nodes: [etcdNode('server-1'), agentNode('agent-1', { type: 'Ready', status: 'Unknown' })],
      remaining: ['server-1'],
    });
    expect(order(actions)).toEqual(['undo/k3s.agent/agent-1', 'leave/agent-1 after undo/k3s.agent/agent-1']);
  });

  it('say what becomes of the only copy of data: it stays until somebody agreed to lose it', () => {
    const given = {
      nodes: [etcdNode('server-1'), agentNode('agent-1')],
      remaining: ['server-1'],
      volumes: [{ name: 'pv', node: 'agent-1', claim: 'shop/data', capacity: '1Gi', reclaim: 'Delete' }],
    };
    const [kept] = plan([undo('agent', 'agent-1')], given);
    expect(kept?.params).toMatchObject({ dataAgreed: false });
    expect(kept?.changes[0]?.what).toMatch(/shop\/data is there: nothing is done before it is copied/);
    const agreed: Action = {
      ...undo('agent', 'agent-1'),
      undo: { kind: 'irreversible', reason: 'deletes data' },
    };
    const [lost] = plan([agreed], given);
    expect(lost?.params).toMatchObject({ dataAgreed: true });
    expect(lost?.changes[0]?.what).toMatch(/shop\/data is there: it goes with the node/);
  });

  it('leave etcd too when they are servers, and whatever waited for them waits for that', () => {
    const nodes = ['server-1', 'server-2', 'server-3', 'server-4'].map(etcdNode);
    const first = undo('server', 'server-4');
    const second = undo('server', 'server-3', [first.id]);
    const actions = plan([first, second], { nodes, remaining: ['server-1', 'server-2'] });
    expect(order(actions)).toEqual([
      'drain/server-4',
      'undo/k3s.server/server-4 after drain/server-4',
      'leave/server-4 after undo/k3s.server/server-4',
      'drain/server-3 after leave/server-4',
      'undo/k3s.server/server-3 after drain/server-3',
      'leave/server-3 after undo/k3s.server/server-3',
    ]);
    // Quorum is asked before anything happens to a voter; its pods are no reason to ask for the cluster’s name.
    expect(actions[0]).toMatchObject({ disruptive: true, expected: { seconds: 30 } });
    expect(actions[0]?.expected.interruption).toBeUndefined();
    expect(actions[2]).toMatchObject({
      disruptive: true,
      changes: [
        { kind: 'remove', what: 'node server-4' },
        { kind: 'remove', what: 'etcd member of server-4' },
      ],
    });
  });

  it('are deleted before they are stopped when they are one of two voters: etcd could not let them go alone', () => {
    const nodes = [etcdNode('server-1'), etcdNode('server-2')];
    const actions = plan([undo('server', 'server-2')], { nodes, remaining: ['server-1'] });
    expect(order(actions)).toEqual([
      'drain/server-2',
      'leave/server-2 after drain/server-2',
      'undo/k3s.server/server-2 after leave/server-2',
    ]);
    expect(actions[1]).toMatchObject({
      risk: 'high',
      expected: { interruption: 'etcd takes no writes until the other server is alone' },
    });
    expect(actions[2]?.disruptive).toBe(false);
  });

  it('are counted one after another: the second of three servers is one of two voters', () => {
    const nodes = ['server-1', 'server-2', 'server-3'].map(etcdNode);
    const first = undo('server', 'server-3');
    const actions = plan([first, undo('server', 'server-2', [first.id])], {
      nodes,
      remaining: ['server-1'],
    });
    expect(order(actions)).toEqual([
      'drain/server-3',
      'undo/k3s.server/server-3 after drain/server-3',
      'leave/server-3 after undo/k3s.server/server-3',
      'drain/server-2 after leave/server-3',
      'leave/server-2 after drain/server-2',
      'undo/k3s.server/server-2 after leave/server-2',
    ]);
  });
});

describe('nodes that a rollback leaves alone', () => {
  const alone = ['undo/k3s.agent/agent-1'];
  const nodes = [etcdNode('server-1'), agentNode('agent-1')];
  const undos = [undo('agent', 'agent-1')];

  it('are all of them when no server goes on: the cluster goes as a whole', () => {
    expect(order(plan(undos, { nodes, remaining: [] }))).toEqual(alone);
  });

  it('are those that the run did not bring, or that have left already', () => {
    expect(order(plan(undos, { nodes, remaining: ['server-1'], verdict: 'saved' }))).toEqual(alone);
    expect(order(plan(undos, { nodes: [etcdNode('server-1')], remaining: ['server-1'] }))).toEqual(alone);
  });

  it('are those of which something else than the service is taken back', () => {
    const other = { ...undo('agent', 'agent-1'), step: 'undo:k3s.config' };
    expect(order(plan([other], { nodes, remaining: ['server-1'] }))).toEqual(alone);
  });
});
