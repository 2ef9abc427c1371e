/** Edges of a graph: to each node those that must come before it. */
export type Before<Node> = ReadonlyMap<Node, readonly Node[]>;

/** Nodes in the order in which a depth-first search leaves them. Without recursion: chains may be long. */
const leavingOrder = <Node>(nodes: readonly Node[], next: (node: Node) => readonly Node[]): Node[] => {
  const seen = new Set<Node>();
  const order: Node[] = [];
  for (const root of nodes) {
    if (seen.has(root)) continue;
    seen.add(root);
    const stack: { readonly node: Node; readonly rest: Iterator<Node> }[] = [
      { node: root, rest: next(root)[Symbol.iterator]() },
    ];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const step = top.rest.next();
      if (step.done === true) {
        order.push(top.node);
        stack.pop();
      } else if (!seen.has(step.value)) {
        seen.add(step.value);
        stack.push({ node: step.value, rest: next(step.value)[Symbol.iterator]() });
      }
    }
  }
  return order;
};

/** Number of the strongly connected component of each node (Kosaraju); nodes of a cycle have the same one. */
export const componentsOf = <Node>(
  nodes: readonly Node[],
  before: Before<Node>,
): ReadonlyMap<Node, number> => {
  const after = new Map<Node, Node[]>(nodes.map((node) => [node, []]));
  // A namespace stands before thousands of others: lists grow in place.
  for (const node of nodes) for (const earlier of before.get(node) ?? []) after.get(earlier)?.push(node);
  const order = leavingOrder(nodes, (node) => before.get(node) ?? []);
  const component = new Map<Node, number>();
  const fill = (root: Node, number: number): void => {
    component.set(root, number);
    const open = [root];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      const fresh = (after.get(node) ?? []).filter((each) => !component.has(each));
      for (const each of fresh) component.set(each, number);
      open.push(...fresh);
    }
  };
  for (const root of order.reverse()) if (!component.has(root)) fill(root, component.size);
  return component;
};

/** Edges without those that lie within a cycle. */
export const withoutCycles = <Node>(
  nodes: readonly Node[],
  before: Before<Node>,
  /** Edges that make cycles as well, but are not dropped here. */
  kept: Before<Node> = new Map(),
): Before<Node> => {
  const both = new Map(nodes.map((node) => [node, [...(before.get(node) ?? []), ...(kept.get(node) ?? [])]]));
  const component = componentsOf(nodes, both);
  return new Map(
    [...before].map(([node, earlier]) => [
      node,
      earlier.filter((each) => component.get(each) !== component.get(node)),
    ]),
  );
};

/** Every node after all that must come before it. The graph must have no cycle. */
export const sorted = <Node>(nodes: readonly Node[], before: Before<Node>): readonly Node[] =>
  leavingOrder(nodes, (node) => before.get(node) ?? []);
