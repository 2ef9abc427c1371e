import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kube } from '../../src/core/ports/kube.js';
import { doctor, drover, type Ended, must, specFolder } from './support/cli.js';
import { kubeOf, matrix } from './support/cluster.js';
import { commandsOf, runPrinted } from './support/journey.js';
import { askFor, halvesOf, linksOf, runWeb } from './support/network-change.js';
import { type Changed, expectBack, expectMoved } from './support/network-suite.js';

const LAB = 'it-change';
const NODES = ['server-1', 'agent-1', 'agent-2'];
const REPLICAS = 10;

let folder: string;
let kube: Kube;

const halves = (): Promise<readonly string[]> => halvesOf(kube, REPLICAS);
const changed = (): Changed => ({
  lab: LAB,
  folder,
  kube,
  nodes: NODES,
  replicas: REPLICAS,
  device: 'labnet',
});
const ask = (cni: string): Promise<void> => askFor(folder, cni);

/** A command of the journey's page, run as it is printed there. */
const printed = async (holds: RegExp): Promise<Ended> => {
  const [command = '', ...more] = (await commandsOf('change-network.md')).filter((each) => holds.test(each));
  expect(more).toEqual([]);
  return runPrinted(command, { folder, lab: LAB });
};

const succeeds = async (holds: RegExp): Promise<string> => {
  const { status, stdout, stderr } = await printed(holds);
  expect(status, `${stdout}\n${stderr}`).toBe(0);
  return stdout;
};

const linksOn = (host: string): Promise<string> => linksOf(LAB, host, folder);

beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: '10.86.0', servers: 1, agents: 2 });
  await must(['lab', 'up', '--cluster', '--timeout', '600'], folder);
  kube = await kubeOf(LAB, folder);
  await runWeb(kube, REPLICAS);
  expect(await halves()).toEqual(['lower']);
});
afterAll(async () => {
  kube.close();
  await drover(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true });
});

describe('another network, where the tunnel of the first one is blocked', () => {
  it('is planned with its way and its price, and changes nothing by that', async () => {
    const everywhere = NODES.flatMap((node) => ['--host', node]);
    await must(['lab', 'break', 'vxlan-blocked', ...everywhere, '--lab', LAB], folder);
    const { findings } = await doctor(LAB, folder);
    expect(findings.map(({ code }) => code)).toContain('firewall-drops-port');
    // Nothing works before: no pod hears one of another node. Everything does after.
    const { failed } = await matrix(kube, NODES);
    const silent = failed.filter((line) => /^pod-to-pod /.test(line));
    expect(silent, failed.join('\n')).toHaveLength(NODES.length * (NODES.length - 1));
    await ask('{ name: lab }');
    const plan = await succeeds(/drover plan .*--only network/);
    expect(plan).toContain('this plan changes it to Lab network VXLAN');
    expect(plan).toContain('chosen: node by node');
    expect(plan).toContain('10.42.128.0/17');
    expect(await linksOn('agent-1')).not.toContain('labnet.1');
  });

  it('is put there node by node, and everything works', async () => {
    await succeeds(/drover apply .*--only network/);
    await expectMoved(changed());
    const page = await succeeds(/drover runs show/);
    expect(page).toBe('');
    expect(await readFile(join(folder, 'change.html'), 'utf8')).toContain('<svg');
  });

  it('is taken back, down to the last device', async () => {
    await must(['lab', 'heal', 'vxlan-blocked', '--lab', LAB], folder);
    await must(['rollback', '--lab', LAB, '--yes'], folder);
    await expectBack(changed());
  });
});
