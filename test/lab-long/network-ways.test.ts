import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kube } from '../../src/core/ports/kube.js';
import { drover, must, specFolder } from '../lab/support/cli.js';
import { eventually, holds, kubeOf, matrix, NODES, rootOn, wholeMatrix } from '../lab/support/cluster.js';
import { askFor, halvesOf, linksOf, runWeb } from '../lab/support/network-change.js';

const LAB = 'net-ways';
const HOSTS = ['server-1', 'agent-1'];
const REPLICAS = 4;
/** Beside the ranges of nodes, so that Flannel can follow it. */
const LABNET = '{ name: lab, pool: 10.42.128.0/17 }';
const FLANNEL = '{ name: flannel }';
/** Every configuration that runtimes could read, with its folder. */
const CONFS = 'cd /; ls -d etc/cni/net.d/* var/lib/rancher/k3s/agent/etc/cni/net.d/* 2>/dev/null; true';
const SETTINGS = 'cat /etc/rancher/k3s/config.yaml.d/*.yaml';

/** What others have put on this machine’s disk is none of the hosts’ business. */
const DISK = ['--ignore', 'disk-full'];

let folder: string;
let kube: Kube | undefined;

const change = async (cni: string, way: string, only: readonly string[] = ['--only', 'network']) => {
  await askFor(folder, cni, way);
  return must(['apply', ...only, '--lab', LAB, '--yes', ...DISK], folder);
};
const api = (): Kube => {
  if (kube === undefined) throw new Error('no cluster');
  return kube;
};
const halves = (): Promise<readonly string[]> => halvesOf(api(), REPLICAS);
const whole = async (): Promise<void> => {
  expect(await matrix(api(), HOSTS)).toEqual({ tried: wholeMatrix(HOSTS.length), failed: [] });
};

const onLabnet = async (): Promise<void> => {
  expect(await halves()).toEqual(['upper']);
  for (const host of HOSTS) {
    const links = await linksOf(LAB, host, folder);
    expect(links).toContain('labnet.1');
    expect(links).not.toMatch(/flannel\.1|cni0/);
    expect(await rootOn(LAB, host, CONFS, folder)).toBe('etc/cni/net.d/05-labnet.conflist');
  }
  await whole();
};

const onFlannel = async (): Promise<void> => {
  expect(await halves()).toEqual(['lower']);
  for (const host of HOSTS) {
    const links = await linksOf(LAB, host, folder);
    expect(links).toContain('flannel.1');
    expect(links).not.toContain('labnet');
    expect(await rootOn(LAB, host, CONFS, folder)).toBe(
      'var/lib/rancher/k3s/agent/etc/cni/net.d/10-flannel.conflist',
    );
  }
  await whole();
};

beforeAll(async () => {
  const more = `    cni: ${LABNET}`;
  folder = await specFolder({ name: LAB, net: '10.107.0', servers: 1, agents: 1, more });
  await must(['lab', 'up'], folder);
  await must(['apply', '--lab', LAB, '--yes', ...DISK], folder);
  kube = await kubeOf(LAB, folder);
  await runWeb(kube, REPLICAS);
});
afterAll(async () => {
  kube?.close();
  await drover(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true });
});

describe('the ways between networks', () => {
  it('a cluster is built with another network from the start', async () => {
    await onLabnet();
    expect(await must(['plan', '--lab', LAB, ...DISK], folder)).toContain('No changes');
  });

  it('its nodes move to Flannel one after another', async () => {
    const told = await change(FLANNEL, 'node-by-node');
    expect(told).toContain('Flannel inside K3s stands beside labnet of the lab');
    await onFlannel();
    const settings = await rootOn(LAB, 'server-1', SETTINGS, folder);
    expect(settings).toContain('flannel-backend: vxlan');
    expect(settings).not.toContain('disable-network-policy');
  });

  it('that is taken back, node by node', async () => {
    await must(['rollback', '--lab', LAB, '--yes'], folder);
    await onLabnet();
  });

  it('all nodes move to Flannel in one window', async () => {
    await change(FLANNEL, 'in-place');
    await onFlannel();
  });

  it('all nodes move to the other network in one window, and back', async () => {
    await change(LABNET, 'in-place');
    await onLabnet();
    await must(['rollback', '--lab', LAB, '--yes'], folder);
    await onFlannel();
  });

  it('K3s lets go of Flannel for somebody else, pods go on, and it comes back', async () => {
    await change('{ name: none }', 'node-by-node');
    expect(await rootOn(LAB, 'server-1', SETTINGS, folder)).toContain('flannel-backend: none');
    for (const host of HOSTS) expect(await linksOf(LAB, host, folder)).toContain('flannel.1');
    expect(await halves()).toEqual(['lower']);
    // An agent may end once more when its server has just started with other settings; systemd starts it again.
    const unit = () => rootOn(LAB, 'agent-1', 'systemctl is-active k3s-agent || true', folder);
    await expect.poll(unit, { timeout: 300_000 }).toBe('active');
    await change(FLANNEL, 'node-by-node');
    await eventually(api(), NODES, (all) => [...all.values()].every((node) => holds(node, 'Ready')));
    await onFlannel();
  });
});
