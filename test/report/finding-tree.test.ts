import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/events/finding.js';
import { type FindingNode, findingTree } from '../../src/report/finding-tree.js';

const finding = (code: string, more: Partial<Finding> = {}): Finding => ({
  code,
  severity: 'error',
  title: code,
  hosts: [],
  evidence: [{ fact: 'x', text: 'x' }],
  cause: 'x',
  fix: { kind: 'manual', text: 'x' },
  ...more,
});

const shape = (nodes: readonly FindingNode[]): unknown =>
  nodes.map(({ finding: { code, hosts }, explains }) => [[code, ...hosts].join(' '), shape(explains)]);

describe('the order of findings', () => {
  it('puts errors before warnings before remarks', () => {
    const list = [finding('c', { severity: 'info' }), finding('b', { severity: 'warning' }), finding('a')];
    expect(shape(findingTree(list))).toEqual([
      ['a', []],
      ['b', []],
      ['c', []],
    ]);
  });

  it('hangs a symptom under the cause on the same host', () => {
    const list = [
      finding('symptom', { hosts: ['b'], under: 'cause' }),
      finding('cause', { hosts: ['a'] }),
      finding('cause', { hosts: ['b'] }),
    ];
    expect(shape(findingTree(list))).toEqual([
      ['cause a', []],
      ['cause b', [['symptom b', []]]],
    ]);
  });

  it('lifts a quiet cause to the importance of what it explains', () => {
    const list = [
      finding('other', { severity: 'warning' }),
      finding('loud', { under: 'quiet' }),
      finding('quiet', { severity: 'info' }),
    ];
    expect(shape(findingTree(list))).toEqual([
      ['quiet', [['loud', []]]],
      ['other', []],
    ]);
  });

  it('loses no finding when causes are missing or go in a circle', () => {
    const list = [
      finding('a', { under: 'b' }),
      finding('b', { under: 'a' }),
      finding('c', { under: 'gone' }),
    ];
    expect(shape(findingTree(list))).toEqual([
      ['a', []],
      ['b', []],
      ['c', []],
    ]);
  });
});
