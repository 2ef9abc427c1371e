import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kube } from '../../src/core/ports/kube.js';
import { drover, must, specFolder } from '../lab/support/cli.js';
import { kubeOf, matrix, wholeMatrix } from '../lab/support/cluster.js';
import { askFor, linksOf, runWeb } from '../lab/support/network-change.js';

const LAB = 'flannel-back-end';
const NODES = ['server-1', 'agent-1', 'agent-2'];

let folder: string;
let kube: Kube;

const linksOn = (host: string): Promise<string> => linksOf(LAB, host, folder);

beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: '10.86.0', servers: 1, agents: 2 });
  await must(['lab', 'up', '--cluster', '--timeout', '600'], folder);
  kube = await kubeOf(LAB, folder);
  await runWeb(kube, 3);
});
afterAll(async () => {
  kube.close();
  await drover(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true });
});

describe('another back end of Flannel', () => {
  it('carries pods by host routes, leaves no tunnel, and goes back', async () => {
    await askFor(folder, '{ name: flannel, mode: host-gw }');
    await must(['apply', '--only', 'network', '--lab', LAB, '--yes'], folder);
    for (const node of NODES) expect(await linksOn(node)).not.toContain('flannel.1');
    expect(await linksOn('agent-1')).toMatch(/10\.42\.\d+\.0\/24 via 10\.86\.0\.11 dev host0/);
    // Pods of before keep their smaller packets until they are recreated, and hold down the bridge of their node.
    const { failed } = await matrix(kube, NODES);
    expect(failed.filter((line) => !line.includes('-large'))).toEqual([]);
    await must(['rollback', '--lab', LAB, '--yes'], folder);
    for (const node of NODES) expect(await linksOn(node)).toContain('flannel.1');
    expect(await matrix(kube, NODES)).toEqual({ tried: wholeMatrix(NODES.length), failed: [] });
  });
});
