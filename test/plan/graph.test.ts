import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { criticalPath, levels, type Node, without } from '../../src/plan/graph.js';

const acyclic = fc
  .array(fc.array(fc.nat({ max: 30 }), { maxLength: 4 }), { minLength: 1, maxLength: 30 })
  .map((edges) =>
    edges.map(
      (before, index): Node => ({
        id: `a${index}`,
        after: [...new Set(before.filter((b) => b < index).map((b) => `a${b}`))],
      }),
    ),
  );

const reaches = (nodes: readonly Node[], from: string, to: string): boolean => {
  const node = nodes.find(({ id }) => id === from);
  return node !== undefined && node.after.some((id) => id === to || reaches(nodes, id, to));
};

describe('levels', () => {
  it('puts every action after all that it waits for', () => {
    fc.assert(
      fc.property(acyclic, (nodes) => {
        const at = new Map(
          levels(nodes).flatMap((level, index) => level.map(({ id }) => [id, index] as const)),
        );
        expect(at.size).toBe(nodes.length);
        for (const node of nodes)
          for (const id of node.after) expect(at.get(id)).toBeLessThan(at.get(node.id)!);
      }),
    );
  });

  it('throws on a cycle and on an unknown action', () => {
    expect(() =>
      levels([
        { id: 'a', after: ['b'] },
        { id: 'b', after: ['a'] },
      ]),
    ).toThrow('cycle');
    expect(() => levels([{ id: 'a', after: ['x'] }])).toThrow('x');
  });
});

describe('without', () => {
  it('keeps the order between the actions that stay', () => {
    fc.assert(
      fc.property(acyclic, fc.array(fc.nat({ max: 30 })), (nodes, gone) => {
        const removed = new Set(gone.map((index) => `a${index}`));
        const rest = without(nodes, removed);
        for (const a of rest) {
          for (const b of rest) expect(reaches(rest, a.id, b.id)).toBe(reaches(nodes, a.id, b.id));
        }
      }),
    );
  });
});

describe('criticalPath', () => {
  it('is the longest chain', () => {
    const nodes = [
      { id: 'a', after: [], s: 2 },
      { id: 'b', after: [], s: 5 },
      { id: 'c', after: ['a', 'b'], s: 1 },
    ];
    expect(criticalPath(nodes, ({ s }) => s)).toBe(6);
  });
});
