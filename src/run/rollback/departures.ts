import type { ClusterFacts, NodeFacts } from '../../facts/cluster/cluster-facts.js';
import { conditionOf } from '../../facts/cluster/node-facts.js';
import type { Action } from '../../plan/model.js';
import { DRAIN_SECONDS, k3sDrain } from '../../steps/k3s/drain.js';
import type { UndoInput } from './undo-input.js';

const SERVICES = ['undo:k3s.server', 'undo:k3s.agent'];

interface Departing {
  readonly node: NodeFacts;
  readonly server: boolean;
  /** A voter of etcd: whether it may be away is asked before anything happens to it. */
  readonly votes: boolean;
}

const about = ({ host }: Action, { name }: NodeFacts): Pick<Action, 'scope' | 'host' | 'hosts'> => ({
  scope: 'cluster',
  ...(host === undefined ? {} : { host }),
  hosts: [name],
});

/** As for any node that leaves: nothing new is placed there, and its pods move as disruption budgets allow. */
const draining = (undo: Action, { node, votes }: Departing, cluster: ClusterFacts): Action => {
  const params = {
    node: node.name,
    limitSeconds: DRAIN_SECONDS,
    dataAgreed: undo.undo.kind === 'irreversible',
  };
  const { id: step, title, risk, undo: inverse, replay, expected, observe, diff } = k3sDrain;
  const state = observe({ hosts: new Map(), cluster }, { hosts: [node.name] }, params);
  return {
    id: `drain/${node.name}`,
    step,
    title: title(params),
    ...about(undo, node),
    params,
    after: undo.after,
    changes: [...diff(state, params)],
    risk,
    undo: inverse,
    replay,
    // Quorum comes first. What the stop of a voter interrupts is agreed to there; moving pods interrupts no API.
    disruptive: votes,
    expected: votes ? { seconds: expected.seconds } : { ...expected },
  };
};

const removal = (undo: Action, { node, server }: Departing): Action => ({
  id: `leave/${node.name}`,
  step: 'k3s.remove-node',
  title: server
    ? `Take ${node.name} out of the cluster and out of etcd`
    : `Take ${node.name} out of the cluster`,
  ...about(undo, node),
  params: { node: node.name, uid: node.uid, server },
  after: [undo.id],
  changes: [
    { kind: 'remove', what: `node ${node.name}` },
    ...(server ? [{ kind: 'remove' as const, what: `etcd member of ${node.name}` }] : []),
  ],
  risk: 'medium',
  // It was no member before the run, and can join again like any new one.
  undo: { kind: 'inverse' },
  replay: 'exact',
  disruptive: server,
  expected: { seconds: 5 },
});

const leaves = (input: UndoInput, undo: Action): boolean => {
  const [host = ''] = undo.host === undefined ? undo.hosts : [undo.host];
  const things = input.surveys.get(host)?.get(undo.id.replace(/^undo\//, '')) ?? [];
  return things.some(({ kind, name, verdict }) => kind === 'script' && name === 'k3s' && verdict !== 'saved');
};

/** Of two voters none can be stopped first: without both of them etcd takes no change, also not the removal. */
const leftByRemoval = (undo: Action, left: Action): Action[] => {
  const interruption = 'etcd takes no writes until the other server is alone';
  return [
    { ...left, after: undo.after, risk: 'high', expected: { seconds: 5, interruption } },
    { ...undo, after: [left.id], disruptive: false },
  ];
};

/**
 * Where the cluster lives on, nodes that this run brought leave it: they are drained, then their objects and members of
 * etcd go. A node is stopped before that, or it would come back by itself; but for one of two voters. Pods of a node that
 * is not Ready cannot be moved: nobody is there to end them.
 */
export const departures = (undos: readonly Action[], input: UndoInput): Action[] => {
  const { cluster } = input;
  const nodes = input.remaining.length === 0 ? [] : (cluster?.nodes ?? []);
  let voters = nodes.filter(({ etcd }) => etcd === 'voter').length;
  const renamed = new Map<string, string>();
  return undos.flatMap((given) => {
    const undo = { ...given, after: given.after.map((id) => renamed.get(id) ?? id) };
    const node = nodes.find(({ name }) => name === undo.host);
    if (cluster === undefined || node === undefined || !SERVICES.includes(undo.step) || !leaves(input, undo))
      return [undo];
    const votes = node.etcd === 'voter';
    const departing = { node, server: node.etcd !== undefined, votes };
    const drained = conditionOf(node, 'Ready') === 'True' ? [draining(undo, departing, cluster)] : [];
    const stop = {
      ...undo,
      after: drained.length === 0 ? undo.after : drained.map(({ id }) => id),
      disruptive: votes && undo.disruptive,
    };
    const left = removal(undo, departing);
    const first = votes && voters === 2;
    if (votes) voters -= 1;
    if (first) return [...drained, ...leftByRemoval(stop, left)];
    renamed.set(undo.id, left.id);
    return [...drained, stop, left];
  });
};
