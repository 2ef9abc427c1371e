import { expect } from 'vitest';
import type { Kube } from '../../../src/core/ports/kube.js';
import { matrix, wholeMatrix } from './cluster.js';
import { halvesOf, linksOf } from './network-change.js';

/** A cluster of a lab whose network was changed, with `runWeb` on it. */
export interface Changed {
  readonly lab: string;
  readonly folder: string;
  readonly kube: Kube;
  readonly nodes: readonly string[];
  readonly replicas: number;
  /** Device of the network that took Flannel’s place. */
  readonly device: string;
}

const wholeOn = async ({ kube, nodes }: Changed): Promise<void> =>
  expect(await matrix(kube, nodes)).toEqual({ tried: wholeMatrix(nodes.length), failed: [] });

/** The other network has taken Flannel’s place, whichever it is: pods, devices, every pair. */
export const expectMoved = async (changed: Changed): Promise<void> => {
  const { lab, folder, kube, nodes, replicas, device } = changed;
  expect(await halvesOf(kube, replicas)).toEqual(['upper']);
  for (const node of nodes) {
    const links = await linksOf(lab, node, folder);
    expect(links).toContain(device);
    expect(links).not.toMatch(/flannel\.1|cni0/);
  }
  await wholeOn(changed);
};

/** Flannel is back, and nothing of the other network is left on a host. */
export const expectBack = async (changed: Changed): Promise<void> => {
  const { lab, folder, kube, nodes, replicas, device } = changed;
  expect(await halvesOf(kube, replicas)).toEqual(['lower']);
  for (const node of nodes) {
    const links = await linksOf(lab, node, folder);
    expect(links).toContain('flannel.1');
    expect(links).not.toContain(device);
  }
  await wholeOn(changed);
};
