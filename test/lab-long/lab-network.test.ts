import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kube, KubeObject } from '../../src/core/ports/kube.js';
import { labRecipe } from '../../src/steps/cni/networks/lab.js';
import { drover, must, specFolder } from '../lab/support/cli.js';
import { eventually, inPod, kubeOf, NODES, PODS, rootOn, runPod, value } from '../lab/support/cluster.js';
import { K3S_CONF as CONF, recipeInput } from '../support/recipe-input.js';

const LAB = 'lab-network';
const NET = '10.61.0';
const HOSTS = ['server-1', 'agent-1'] as const;
const PLUGINS = '/var/lib/rancher/k3s/data/cni';
const AGENTS = { group: 'apps', version: 'v1', plural: 'daemonsets' } as const;
const BLOCK = 'labnet.drover.dev/block';
const INPUT = recipeInput({
  blockPrefix: 24,
  mtu: 1450,
  binDir: PLUGINS,
  api: { host: `${NET}.11`, port: 6443 },
  nodes: [],
});

/** Everything that the network makes on a host; where nothing is, nothing is printed. */
const TRACES = `{ ip -br link | grep -oE '^labnet[.0-9]+'; ip route show proto 73; nft list tables | grep labnet
ls -d /var/lib/labnet /var/lib/cni/networks/labnet ${CONF}/*labnet* ${PLUGINS}/labnet-*; } 2>/dev/null; true`;
/** What heals: the tunnel with all its entries, the rule, and the plugins. */
const HEALED = `ip -4 -o address show labnet.1 | awk '{ print $4 }'; ip route show proto 73; bridge fdb show dev labnet.1
ip neighbour show dev labnet.1; nft list table ip labnet; ls ${PLUGINS}`;

let folder: string;
let kube: Kube;
const on = (host: string, command: string): Promise<string> => rootOn(LAB, host, command, folder);
const manifest = (): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'List', items: labRecipe.set(INPUT, []).objects });
const kubectl = (verb: string): Promise<string> =>
  on('server-1', `kubectl ${verb} -f - <<'DROVER_END'\n${manifest()}\nDROVER_END`);

interface Status {
  readonly numberReady?: number;
  readonly podIP?: string;
}
const statusOf = (object: KubeObject | undefined): Status => object?.['status'] ?? {};
const readyAgents = async (count: number): Promise<void> => {
  await eventually(kube, AGENTS, (all) => statusOf(all.get('labnet')).numberReady === count, {
    namespace: 'lab-network',
    limitMs: 180_000,
  });
};

beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: NET, servers: 1, agents: 1 });
  await must(['lab', 'up', '--cluster', '--timeout', '600'], folder);
  kube = await kubeOf(LAB, folder);
});
afterAll(async () => {
  kube.close();
  await drover(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true });
});

describe('the lab’s own network beside Flannel', () => {
  it('comes up with a block for each node, and writes nothing that a runtime reads', async () => {
    await kubectl('apply');
    await readyAgents(HOSTS.length);
    const nodes = await eventually(kube, NODES, (all) => all.size === HOSTS.length);
    const blocks = [...nodes.values()].map(({ metadata }) => metadata.annotations?.[BLOCK]);
    expect(blocks.sort()).toEqual(['10.42.128.0/24', '10.42.129.0/24']);
    for (const host of HOSTS) {
      expect(await on(host, `ls ${CONF}`)).toBe('10-flannel.conflist');
      expect(await on(host, 'cat /var/lib/labnet/05-labnet.conflist')).toContain('"labnet-bridge"');
    }
  });

  it.each([
    ['its device', 'ip link del labnet.1'],
    ['its routes', 'ip route flush proto 73'],
    [
      'an entry of a peer',
      'ip neighbour del $(ip neighbour show dev labnet.1 | cut -d " " -f 1) dev labnet.1',
    ],
    ['its rule', 'nft delete table ip labnet'],
    ['a plugin', `rm ${PLUGINS}/labnet-bridge`],
  ])('makes %s again', async (_, remove) => {
    const before = await on('agent-1', HEALED);
    await on('agent-1', remove);
    await expect.poll(() => on('agent-1', HEALED), { timeout: 300_000 }).toBe(before);
  });

  it('is not ready while its packets are dropped, and says whom it misses', async () => {
    await must(['lab', 'break', '--lab', LAB, 'second-vxlan-blocked', '-q'], folder);
    await readyAgents(0);
    const said = await on('server-1', 'curl -s http://127.0.0.1:9878/readyz');
    expect(said).toMatch(/^agent-1 (stopped answering|has not answered) through the tunnel/);
    await must(['lab', 'heal', '--lab', LAB, 'second-vxlan-blocked', '-q'], folder);
    await readyAgents(HOSTS.length);
  });

  it('carries the pods of nodes that take its configuration', async () => {
    for (const host of HOSTS) await on(host, `cp /var/lib/labnet/05-labnet.conflist ${CONF}/`);
    const command = 'mkdir /tmp/w; hostname >/tmp/w/index.html; exec httpd -f -p 8080 -h /tmp/w';
    const pods = await Promise.all(HOSTS.map((node) => runPod(kube, { name: `on-${node}`, node, command })));
    const addresses = pods.map((pod) => statusOf(pod).podIP ?? '');
    for (const address of addresses) expect(address).toMatch(/^10\.42\.(128|129)\./);
    for (const [at, host] of HOSTS.entries()) {
      const asked = await inPod(kube, `on-${host}`, `wget -q -T 10 -O - http://${addresses[1 - at]}:8080/`);
      expect(asked).toEqual({ status: 0, text: `on-${HOSTS[1 - at]}` });
    }
  });

  it('is gone without a trace when its objects are deleted and the hosts cleaned', async () => {
    for (const host of HOSTS) {
      value(await kube.delete({ resource: PODS, namespace: 'default', name: `on-${host}` }));
      await on(host, `rm ${CONF}/05-labnet.conflist`);
    }
    await eventually(kube, PODS, (all) => all.size === 0, { namespace: 'default' });
    await kubectl('delete');
    await must(['clean', 'cni', '--lab', LAB, '--yes', '-q'], folder);
    for (const host of HOSTS) expect(await on(host, TRACES)).toBe('');
    const nodes = await eventually(kube, NODES, (all) => all.size === HOSTS.length);
    for (const { metadata } of nodes.values()) expect(metadata.annotations).not.toHaveProperty([BLOCK]);
  });
});
