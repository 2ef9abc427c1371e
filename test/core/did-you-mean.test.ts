import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { didYouMean } from '../../src/core/did-you-mean.js';

const keys = ['network', 'hosts', 'kubeProxy', 'nodeMask', 'cni'];

describe('did you mean', () => {
  it.each([
    ['netwrok', 'network'],
    ['host', 'hosts'],
    ['kube-proxy', 'kubeProxy'],
    ['KUBEPROXY', 'kubeProxy'],
    ['nodemaks', 'nodeMask'],
    ['cin', 'cni'],
  ])('takes %s for %s', (word, meant) => {
    expect(didYouMean(word, keys)).toBe(meant);
  });

  it('is silent when nothing is near', () => {
    expect(didYouMean('monitoring', keys)).toBeUndefined();
    expect(didYouMean('x', keys)).toBeUndefined();
    expect(didYouMean('a'.repeat(10_000), keys)).toBeUndefined();
  });

  it('only ever answers with a candidate other than the word', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (word, candidates) => {
        const meant = didYouMean(word, candidates);
        if (meant !== undefined) {
          expect(candidates).toContain(meant);
          expect(meant).not.toBe(word);
        }
      }),
    );
  });
});
