import type { Action } from '../../plan/model.js';
import type { UndoInput } from './undo-plan.js';

const SERVICES = ['undo:k3s.server', 'undo:k3s.agent'];

const removal = (
  { id: before, host }: Action,
  node: { readonly name: string; readonly uid: string },
  server: boolean,
): Action => ({
  id: `leave/${node.name}`,
  step: 'k3s.remove-node',
  title: server
    ? `Take ${node.name} out of the cluster and out of etcd`
    : `Take ${node.name} out of the cluster`,
  scope: 'cluster',
  ...(host === undefined ? {} : { host }),
  hosts: [node.name],
  params: { node: node.name, uid: node.uid, server },
  after: [before],
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

/**
 * Where the cluster lives on, nodes that this run brought leave it: their objects and members of etcd go. A node is
 * stopped first, or it would come back by itself. But of two voters none can be stopped first: without both of them
 * etcd takes no change, also not the removal.
 */
export const departures = (undos: readonly Action[], input: UndoInput): Action[] => {
  const nodes = input.remaining.length === 0 ? [] : (input.cluster?.nodes ?? []);
  let voters = nodes.filter(({ etcd }) => etcd === 'voter').length;
  const renamed = new Map<string, string>();
  const result: Action[] = [];
  for (const undo of undos) {
    const after = undo.after.map((id) => renamed.get(id) ?? id);
    const node = nodes.find(({ name }) => name === undo.host);
    if (node === undefined || !SERVICES.includes(undo.step) || !leaves(input, undo)) {
      result.push({ ...undo, after });
      continue;
    }
    const votes = node.etcd === 'voter';
    const left = removal(undo, node, node.etcd !== undefined);
    if (votes && voters === 2) {
      const interruption = 'etcd takes no writes until the other server is alone';
      result.push({
        ...left,
        after,
        risk: 'high',
        expected: { seconds: 5, interruption },
      });
      result.push({ ...undo, after: [left.id], disruptive: false });
    } else {
      result.push({ ...undo, after, disruptive: votes && undo.disruptive }, left);
      renamed.set(undo.id, left.id);
    }
    if (votes) voters -= 1;
  }
  return result;
};
