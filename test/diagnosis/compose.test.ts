import { describe, expect, it } from 'vitest';
import { does, limited } from '../../src/diagnosis/compose.js';
import { calicoHealsItself } from '../../src/diagnosis/ipset.js';
import { kernelAtLeast } from '../../src/diagnosis/kernel-version.js';
import { minorOf } from '../../src/diagnosis/kubernetes-version.js';

describe('texts of findings', () => {
  it.each([
    [['a'], 'has', 'a has'],
    [['b', 'a', 'b'], 'has', 'a and b have'],
    [['a', 'b'], 'uses', 'a and b use'],
    [['a', 'b', 'c', 'd', 'e'], 'is', 'a, b, c and 2 more are'],
  ])('agree in number: %j %s', (hosts, verb, text) => {
    expect(
      does(
        hosts.map((host) => ({ host })),
        verb,
      ),
    ).toBe(text);
  });

  it('show at most twelve pieces of evidence and say how many more there are', () => {
    const shown = limited(
      Array.from({ length: 500 }, (_, i) => ({ fact: `hosts.h${i}.swap`, text: `seen ${i}` })),
    );
    expect(shown).toHaveLength(12);
    expect(shown.at(-1)?.text).toBe('seen 11 (and 488 more like this)');
  });
});

describe('versions', () => {
  it.each([
    ['6.12.48+deb13-amd64', '5.13', true],
    ['5.9.0', '5.10', false],
    ['5.10.0-34-amd64', '5.10', true],
    ['unknown', '5.10', undefined],
  ])('kernel %s at least %s: %s', (release, minimum, answer) => {
    expect(kernelAtLeast(release, minimum)).toBe(answer);
  });

  it('reads the minor of Kubernetes', () => {
    expect(['v1.36.4+k3s1', '1.35.4', 'latest', undefined].map(minorOf)).toEqual([
      36,
      35,
      undefined,
      undefined,
    ]);
  });

  it.each([
    ['v3.27.0', false],
    ['v3.29.9', false],
    ['v3.30.5', false],
    ['v3.30.6', true],
    ['v3.31.2', false],
    ['v3.31.3', true],
    ['v3.32.1', true],
  ])('Calico %s repairs unreadable ipsets: %s', (version, heals) => {
    expect(calicoHealsItself(version)).toBe(heals);
  });
});
