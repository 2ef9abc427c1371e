import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../../src/core/ports/kube.js';
import { flannelDaemonSetRecipe } from '../../../../src/steps/cni/networks/flannel-daemonset.js';
import type { RecipeInput } from '../../../../src/steps/cni/recipe.js';
import { worksProblems } from '../../../../src/steps/cni/works.js';
import { recipeInput } from '../../../support/recipe-input.js';
import { flannelManifestFile, objectsIn } from '../../../support/upstream.js';

const INPUT = recipeInput({
  version: '0.28.4',
  pool: '10.42.0.0/16',
  port: 8472,
  beside: false,
  confDir: '/etc/cni/net.d',
  binDir: '/opt/cni/bin',
  interfaces: ['ens10', 'eth1'],
  nodes: [
    { name: 'n1', address: '10.0.0.1' },
    { name: 'n2', address: '10.0.0.2' },
  ],
});

let upstream: readonly KubeObject[];
beforeAll(async () => {
  upstream = objectsIn(await readFile(await flannelManifestFile(), 'utf8'));
}, 120_000);

const made = (part: Partial<RecipeInput> = {}): readonly KubeObject[] =>
  flannelDaemonSetRecipe.set({ ...INPUT, ...part }, upstream).objects;

const find = (objects: readonly KubeObject[], kind: string): KubeObject => {
  const [found] = objects.filter((object) => object.kind === kind);
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
};

const netConf = (part: Partial<RecipeInput> = {}): unknown =>
  JSON.parse((find(made(part), 'ConfigMap')['data'] as Record<string, string>)['net-conf.json'] ?? '');

interface Template {
  readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
  readonly spec: {
    readonly containers: readonly { readonly args: readonly string[]; readonly env: readonly unknown[] }[];
    readonly volumes: readonly { readonly name: string; readonly hostPath?: { readonly path: string } }[];
  };
}

const template = (part: Partial<RecipeInput> = {}): Template =>
  (find(made(part), 'DaemonSet')['spec'] as { readonly template: Template }).template;

const folder = (part: Partial<RecipeInput>, name: string): string | undefined =>
  template(part).spec.volumes.find((volume) => volume.name === name)?.hostPath?.path;

describe('Flannel as a DaemonSet', () => {
  it('keeps every object of its manifest, and has the device and port of K3s’ own', () => {
    expect(made().map(({ kind }) => kind)).toEqual(upstream.map(({ kind }) => kind));
    expect(netConf()).toEqual({
      Network: '10.42.0.0/16',
      EnableNFTables: false,
      Backend: { Type: 'vxlan', VNI: 1, Port: 8472 },
    });
    expect(find(made(), 'DaemonSet').metadata.annotations).toEqual({
      'drover.dev/pool': '10.42.0.0/16',
      'drover.dev/carriage': 'vxlan',
    });
  });

  it.each([
    ['host-gw', null, { Type: 'host-gw' }],
    ['wireguard', 51_820, { Type: 'wireguard', ListenPort: 51_820 }],
  ] as const)('carries packets by %s', (mode, port, Backend) => {
    expect(netConf({ mode, port })).toMatchObject({ Backend });
  });

  it('starts its agents anew when their settings change, and only then', () => {
    const settings = (part: Partial<RecipeInput> = {}) => template(part).metadata.annotations;
    expect(settings()).toEqual(settings({ version: '0.28.5' }));
    expect(settings()).not.toEqual(settings({ mode: 'host-gw', port: null }));
  });

  it('takes the interface of the nodes, and finds the API without kube-proxy', () => {
    const [agent] = template().spec.containers;
    expect(agent?.args).toEqual(['--ip-masq', '--kube-subnet-mgr', '--iface=ens10', '--iface=eth1']);
    expect(agent?.env).toContainEqual({ name: 'KUBERNETES_SERVICE_HOST', value: '10.0.0.10' });
  });

  it('leaves its configuration where runtimes look, or where none does', () => {
    expect(folder({}, 'cni')).toBe('/etc/cni/net.d');
    expect(folder({}, 'cni-plugin')).toBe('/opt/cni/bin');
    expect(folder({ beside: true }, 'cni')).toBe('/var/lib/drover/cni/flannel');
    expect(flannelDaemonSetRecipe.conflist({ ...INPUT, beside: true })).toMatchObject({
      path: '/var/lib/drover/cni/flannel/00-flannel.conflist',
    });
  });

  it('is there when its device and a route to every other node are', () => {
    const whole = [
      'device BROADCAST,MULTICAST,UP,LOWER_UP',
      'address 10.42.0.0/32',
      'route 10.42.1.0/24 via 10.42.1.0 dev flannel.1 onlink',
    ];
    expect(worksProblems(flannelDaemonSetRecipe, INPUT, whole.join('\n'))).toEqual([]);
    expect(worksProblems(flannelDaemonSetRecipe, INPUT, whole.slice(0, 2).join('\n'))).toEqual([
      '0 of 1 routes to other nodes are there',
    ]);
    const bare: RecipeInput = { ...INPUT, mode: 'host-gw', port: null };
    const route = 'route 10.42.1.0/24 via 10.0.0.2 dev ens10';
    expect(worksProblems(flannelDaemonSetRecipe, bare, route)).toEqual([]);
    expect(worksProblems(flannelDaemonSetRecipe, bare, '')).toHaveLength(1);
  });
});
