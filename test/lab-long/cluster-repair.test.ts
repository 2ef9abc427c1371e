import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kube } from '../../src/core/ports/kube.js';
import { drover, must, specFolder } from '../lab/support/cli.js';
import {
  alive,
  CONFIG_MAPS,
  eventually,
  kubeOf,
  NODES,
  readConfigMap,
  rootOn,
  value,
  writeConfigMap,
} from '../lab/support/cluster.js';

const LAB = 'long-repair';
const SERVERS = ['server-1', 'server-2', 'server-3'];
let folder: string;
let kube: Kube;

beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: '10.127.0', servers: 3, agents: 0 });
  await must(['lab', 'up', '--cluster', '--timeout', '600'], folder);
  kube = await kubeOf(LAB, folder);
});
afterAll(async () => {
  kube.close();
  await drover(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true });
});

const on = (host: string, command: string): Promise<string> => rootOn(LAB, host, command, folder);

describe('the cluster of a lab', () => {
  it('replaces a server that lost its disk', async () => {
    await on(
      'server-3',
      'systemctl stop k3s; k3s-killall.sh; rm -rf /var/lib/rancher/k3s/server /etc/rancher/node',
    );
    value(await kube.delete({ resource: NODES, name: 'server-3' }));
    await eventually(kube, NODES, (nodes) => !nodes.has('server-3'));
    const begun = Date.now();
    await on('server-3', 'systemctl start --no-block k3s');
    await alive(kube, SERVERS, begun);
  });

  it('goes back to a snapshot of etcd', async () => {
    value(await writeConfigMap(kube, 'saved'));
    await on('server-1', 'k3s etcd-snapshot save --name test');
    value(await kube.delete({ resource: CONFIG_MAPS, namespace: 'default', name: 'saved' }));
    await Promise.all(SERVERS.map((server) => on(server, 'systemctl stop k3s')));
    await on(
      'server-1',
      'k3s server --cluster-reset --cluster-reset-restore-path=$(ls -d /var/lib/rancher/k3s/server/db/snapshots/test-*)',
    );
    await Promise.all(
      ['server-2', 'server-3'].map((server) => on(server, 'rm -rf /var/lib/rancher/k3s/server/db')),
    );
    const begun = Date.now();
    await Promise.all(SERVERS.map((server) => on(server, 'systemctl start --no-block k3s')));
    await expect.poll(async () => (await readConfigMap(kube, 'saved')).ok, { timeout: 300_000 }).toBe(true);
    await alive(kube, SERVERS, begun);
  });

  it('comes back with its disks when the lab is reset to a snapshot', async () => {
    value(await writeConfigMap(kube, 'before'));
    // The snapshot is of the moment when all power was lost: as hard to come back from as any.
    for (const words of [['crash', ...SERVERS], ['snapshot', 'made'], ['start']])
      await must(['lab', ...words, '--lab', LAB], folder);
    await expect.poll(async () => (await readConfigMap(kube, 'before')).ok, { timeout: 300_000 }).toBe(true);
    await expect.poll(async () => (await writeConfigMap(kube, 'later')).ok, { timeout: 300_000 }).toBe(true);
    await must(['lab', 'reset', 'made', '--lab', LAB], folder);
    await expect.poll(async () => (await readConfigMap(kube, 'before')).ok, { timeout: 300_000 }).toBe(true);
    expect(await readConfigMap(kube, 'later')).toMatchObject({ ok: false, error: { kind: 'not-found' } });
    await alive(kube, SERVERS, Date.now());
  });
});
