import { beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../../src/core/ports/kube.js';
import { calicoRecipe } from '../../../../src/steps/cni/networks/calico.js';
import { missingIn } from '../../../../src/steps/cni/networks/needed.js';
import type { RecipeInput } from '../../../../src/steps/cni/recipe.js';
import { recipeInput } from '../../../support/recipe-input.js';
import { calicoManifest, objectsIn } from '../../../support/upstream.js';

const INPUT = recipeInput({ version: 'v3.31.0' });

interface Container {
  readonly name: string;
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly readinessProbe: { readonly exec: { readonly command: readonly string[] } };
}

interface Pods {
  readonly containers: readonly Container[];
  readonly initContainers: readonly Container[];
  readonly volumes: readonly { readonly name: string; readonly hostPath: { readonly path: string } }[];
}

let upstream: readonly KubeObject[];
beforeAll(async () => {
  upstream = objectsIn(await calicoManifest());
}, 120_000);

const made = (part: Partial<RecipeInput> = {}) => calicoRecipe.set({ ...INPUT, ...part }, upstream).objects;

const one = (objects: readonly KubeObject[], kind: string, name: string): KubeObject => {
  const found = objects.filter((object) => object.kind === kind && object.metadata.name === name);
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} × ${kind} ${name}`);
  return found[0];
};

const podsOf = (objects: readonly KubeObject[]): Pods => {
  const { spec } = one(objects, 'DaemonSet', 'calico-node') as unknown as {
    readonly spec: { readonly template: { readonly spec: Pods } };
  };
  return spec.template.spec;
};

const agentOf = (objects: readonly KubeObject[]): Container => {
  const found = podsOf(objects).containers.find(({ name }) => name === 'calico-node');
  if (found === undefined) throw new Error('no agent');
  return found;
};

const variables = ({ env }: Container): Record<string, string | undefined> =>
  Object.fromEntries(env.map(({ name, value }) => [name, value]));

const dataOf = (objects: readonly KubeObject[], name: string): Record<string, string> =>
  one(objects, 'ConfigMap', name)['data'] as Record<string, string>;

describe('Calico by its manifest', () => {
  it('keeps every object of the manifest, definitions first and agents last', () => {
    const objects = made();
    expect(missingIn('calico', upstream)).toEqual([]);
    for (const { kind, metadata } of upstream) one(objects, kind, metadata.name);
    const kinds = objects.map(({ kind }) => kind);
    expect(kinds.lastIndexOf('CustomResourceDefinition')).toBeLessThan(kinds.indexOf('ServiceAccount'));
    expect(kinds.lastIndexOf('IPPool')).toBeLessThan(kinds.indexOf('DaemonSet'));
    expect(kinds.slice(-2)).toEqual(['DaemonSet', 'Deployment']);
  });

  it('pins what agents would guess, and lets them make no pool', () => {
    const env = variables(agentOf(made({ interfaces: ['ens10', 'bond0.12'] })));
    expect(env).toMatchObject({
      NO_DEFAULT_POOLS: 'true',
      IP_AUTODETECTION_METHOD: 'kubernetes-internal-ip',
      FELIX_IPTABLESBACKEND: 'nft',
      FELIX_NFTABLESMODE: 'Disabled',
      FELIX_VXLANENABLED: 'true',
      FELIX_IPINIPENABLED: 'false',
      FELIX_VXLANPORT: '4789',
      FELIX_MTUIFACEPATTERN: '^(ens10|bond0\\.12)$',
      WAIT_FOR_DATASTORE: 'true',
    });
    expect(Object.keys(env).filter((name) => /POOL_/.test(name))).toEqual([]);
    expect(dataOf(made(), 'kubernetes-services-endpoint')).toEqual({
      KUBERNETES_SERVICE_HOST: '10.0.0.10',
      KUBERNETES_SERVICE_PORT: '6443',
    });
  });

  it('runs VXLAN without BIRD, and IPIP with it', () => {
    const vxlan = made();
    expect(dataOf(vxlan, 'calico-config')['calico_backend']).toBe('vxlan');
    expect(agentOf(vxlan).readinessProbe.exec.command).toEqual(['/bin/calico-node', '-felix-ready']);
    const ipip = made({ mode: 'ipip', port: null });
    expect(dataOf(ipip, 'calico-config')['calico_backend']).toBe('bird');
    expect(agentOf(ipip).readinessProbe.exec.command).toContain('-bird-ready');
    const env = variables(agentOf(ipip));
    expect(env).toMatchObject({ FELIX_IPINIPENABLED: 'true', FELIX_VXLANENABLED: 'false' });
    expect(env['FELIX_VXLANPORT']).toBeUndefined();
    expect(calicoRecipe.works({ ...INPUT, mode: 'ipip' })).toEqual({
      device: 'tunl0',
      routes: { over: 'tunl0' },
    });
  });

  it('makes the pool of the mode, and a disabled one of the rest of the pod range', () => {
    const pools = (part: Partial<RecipeInput>) =>
      made(part)
        .filter(({ kind }) => kind === 'IPPool')
        .map(({ metadata, spec }) => ({ name: metadata.name, ...(spec as object) }));
    expect(pools({})).toMatchObject([
      {
        name: 'drover-10-42-128-0-17',
        cidr: '10.42.128.0/17',
        blockSize: 26,
        vxlanMode: 'Always',
        ipipMode: 'Never',
        natOutgoing: true,
        disabled: false,
      },
      { name: 'drover-10-42-0-0-17', cidr: '10.42.0.0/17', natOutgoing: false, disabled: true },
    ]);
    expect(pools({ mode: 'none', pool: INPUT.pods })).toMatchObject([
      { cidr: '10.42.0.0/16', vxlanMode: 'Never', ipipMode: 'Never' },
    ]);
  });

  it('as the second network writes nothing where a runtime reads, and no program of others', () => {
    const { initContainers, volumes } = podsOf(made());
    const folders = Object.fromEntries(volumes.map(({ name, hostPath }) => [name, hostPath.path]));
    expect(folders).toMatchObject({
      'cni-net-dir': '/var/lib/drover/cni/calico',
      'cni-bin-dir': '/var/lib/rancher/k3s/data/current/bin',
    });
    expect(initContainers.map(({ name }) => name)).not.toContain('upgrade-ipam');
    const installer = initContainers.find(({ name }) => name === 'install-cni');
    const env = installer === undefined ? {} : variables(installer);
    expect(env).toMatchObject({
      CNI_CONF_NAME: '05-calico.conflist',
      CNI_NET_DIR: '/var/lib/drover/cni/calico',
    });
    expect(env['SKIP_CNI_BINARIES']?.split(',')).toEqual(
      expect.arrayContaining(['host-local', 'loopback', 'portmap']),
    );
    expect(calicoRecipe.conflist(INPUT)).toEqual({
      kind: 'staged',
      path: '/var/lib/drover/cni/calico/05-calico.conflist',
      calls: ['portmap'],
    });
  });

  it('alone writes where the runtime reads, with all programs', () => {
    const { initContainers, volumes } = podsOf(made({ beside: false, confDir: '/etc/cni/net.d' }));
    expect(volumes.find(({ name }) => name === 'cni-net-dir')?.hostPath.path).toBe('/etc/cni/net.d');
    const installer = initContainers.find(({ name }) => name === 'install-cni');
    expect(installer?.env.map(({ name }) => name)).not.toContain('SKIP_CNI_BINARIES');
  });

  it('gives the plugin a template that is JSON once its blanks are filled', () => {
    const { cni_network_config: template = '' } = dataOf(made(), 'calico-config');
    const filled = JSON.parse(template.replaceAll('__CNI_MTU__', '1400')) as {
      readonly plugins: readonly unknown[];
    };
    expect(filled.plugins[0]).toMatchObject({
      type: 'calico',
      mtu: 1400,
      ipam: { type: 'calico-ipam', ipv4_pools: ['10.42.128.0/17'] },
      container_settings: { allow_ip_forwarding: true },
      kubernetes: { kubeconfig: '__KUBECONFIG_FILEPATH__' },
    });
    expect(dataOf(made(), 'calico-config')['veth_mtu']).toBe('1400');
  });

  it('hands the options of the spec on', () => {
    const options = {
      blockSize: 24,
      natOutgoing: false,
      ipAutodetection: 'cidr=10.0.0.0/24',
      nftablesMode: 'Auto',
      allowIpForwarding: false,
      felix: { logSeverityScreen: 'Warning' },
      bgp: { asNumber: 64_513 },
    };
    const objects = made({ options, iptables: 'legacy' });
    expect(variables(agentOf(objects))).toMatchObject({
      IP_AUTODETECTION_METHOD: 'cidr=10.0.0.0/24',
      FELIX_NFTABLESMODE: 'Auto',
      FELIX_IPTABLESBACKEND: 'legacy',
    });
    expect(one(objects, 'FelixConfiguration', 'default')['spec']).toEqual({ logSeverityScreen: 'Warning' });
    expect(one(objects, 'BGPConfiguration', 'default')['spec']).toEqual({ asNumber: 64_513 });
    expect(one(objects, 'IPPool', 'drover-10-42-128-0-17')['spec']).toMatchObject({
      natOutgoing: false,
      blockSize: 24,
    });
  });

  it('says what a file lacks that is no manifest of Calico', () => {
    expect(missingIn('calico', [])).toEqual([
      'ConfigMap kube-system/calico-config',
      'DaemonSet kube-system/calico-node',
    ]);
  });
});
