/** What a graph needs of an action. */
export interface Node {
  readonly id: string;
  readonly after: readonly string[];
}

/**
 * Levels of a graph: everything in one level may run at the same time. They are only how a plan prints; the
 * executor starts each action as soon as its own predecessors have succeeded.
 * Throws on cycles and unknown ids: both are bugs of whoever made the graph, never of the user.
 */
export const levels = <T extends Node>(nodes: readonly T[]): T[][] => {
  const level = new Map<string, number>();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const visiting = new Set<string>();
  const visit = (id: string): number => {
    const known = level.get(id);
    if (known !== undefined) return known;
    const node = byId.get(id);
    if (node === undefined) throw new Error(`action ${id} is waited for but not in the graph`);
    if (visiting.has(id)) throw new Error(`cycle of actions through ${id}`);
    visiting.add(id);
    const result = node.after.reduce((highest, before) => Math.max(highest, visit(before) + 1), 0);
    visiting.delete(id);
    level.set(id, result);
    return result;
  };
  const result: T[][] = [];
  for (const node of nodes) {
    const at = visit(node.id);
    while (result.length <= at) result.push([]);
    result[at]?.push(node);
  }
  return result;
};

/**
 * Removes nodes but keeps the order that they imposed: whoever waited for a removed node waits for that node's
 * own predecessors instead.
 */
export const without = <T extends Node>(nodes: readonly T[], removed: ReadonlySet<string>): T[] => {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const memo = new Map<string, readonly string[]>();
  const resolve = (id: string): readonly string[] => {
    if (!removed.has(id)) return [id];
    const known = memo.get(id);
    if (known !== undefined) return known;
    memo.set(id, []);
    const result = [...new Set((byId.get(id)?.after ?? []).flatMap(resolve))];
    memo.set(id, result);
    return result;
  };
  return nodes
    .filter((node) => !removed.has(node.id))
    .map((node) => ({ ...node, after: [...new Set(node.after.flatMap(resolve))] }));
};

/** Seconds of the longest chain, given the seconds of each node: what a run takes when nothing waits for resources. */
export const criticalPath = <T extends Node>(nodes: readonly T[], seconds: (node: T) => number): number => {
  const finish = new Map<string, number>();
  for (const level of levels(nodes)) {
    for (const node of level) {
      const start = node.after.reduce((latest, id) => Math.max(latest, finish.get(id) ?? 0), 0);
      finish.set(node.id, start + seconds(node));
    }
  }
  return [...finish.values()].reduce((latest, at) => Math.max(latest, at), 0);
};
