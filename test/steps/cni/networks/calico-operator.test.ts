import { beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../../src/core/ports/kube.js';
import { calicoOperatorRecipe } from '../../../../src/steps/cni/networks/calico-operator.js';
import type { RecipeInput } from '../../../../src/steps/cni/recipe.js';
import { worksProblems, worksScript } from '../../../../src/steps/cni/works.js';
import { recipeInput } from '../../../support/recipe-input.js';
import { calicoOperatorManifest, objectsIn } from '../../../support/upstream.js';

const INPUT = recipeInput({ version: '3.31.0', interfaces: ['ens10'] });

let upstream: readonly KubeObject[];
beforeAll(async () => {
  upstream = objectsIn(await calicoOperatorManifest());
}, 120_000);

const made = (part: Partial<RecipeInput> = {}): readonly KubeObject[] =>
  calicoOperatorRecipe.set({ ...INPUT, ...part }, upstream).objects;

const specOf = (objects: readonly KubeObject[], kind: string): unknown => {
  const found = objects.filter((object) => object.kind === kind);
  expect(found).toHaveLength(1);
  return found[0]?.['spec'];
};

interface Pool {
  readonly cidr: string;
  readonly encapsulation: string;
}

const poolsOf = (part: Partial<RecipeInput>): readonly Pool[] =>
  (specOf(made(part), 'Installation') as { calicoNetwork: { ipPools: Pool[] } }).calicoNetwork.ipPools;

describe('Calico by its operator', () => {
  it('is fetched by the tag of its release', () => {
    expect(calicoOperatorRecipe.upstream?.(INPUT)).toEqual({
      kind: 'manifest',
      name: 'calico-operator',
      version: 'v3.31.0',
    });
  });

  it('has definitions first, the operator before what it shall make, and every object of its project', () => {
    const kinds = made().map(({ kind }) => kind);
    expect(kinds.lastIndexOf('CustomResourceDefinition')).toBeLessThan(kinds.indexOf('Namespace'));
    expect(kinds.slice(-2)).toEqual(['Deployment', 'Installation']);
    expect(made()).toHaveLength(upstream.length + 3);
  });

  it('tells the operator what the manifest’s agents are told: pools, folders, addresses, no kube-proxy of its own', () => {
    expect(specOf(made(), 'Installation')).toEqual({
      variant: 'Calico',
      calicoNetwork: {
        bgp: 'Disabled',
        linuxDataplane: 'Iptables',
        mtu: 1400,
        containerIPForwarding: 'Enabled',
        hostPorts: 'Enabled',
        multiInterfaceMode: 'None',
        nodeAddressAutodetectionV4: { kubernetes: 'NodeInternalIP' },
        ipPools: [
          {
            cidr: '10.42.128.0/17',
            natOutgoing: 'Enabled',
            disableNewAllocations: false,
            name: 'drover-10-42-128-0-17',
            blockSize: 26,
            encapsulation: 'VXLAN',
            nodeSelector: 'all()',
            allowedUses: ['Workload', 'Tunnel'],
          },
          expect.objectContaining({
            cidr: '10.42.0.0/17',
            disableNewAllocations: true,
            natOutgoing: 'Disabled',
          }),
        ],
      },
      cni: {
        type: 'Calico',
        ipam: { type: 'Calico' },
        confDir: '/var/lib/drover/cni/calico',
        binDir: '/var/lib/drover/cni/calico/bin',
      },
      calicoNodeDaemonSet: {
        metadata: { annotations: { 'drover.dev/pool': '10.42.128.0/17', 'drover.dev/carriage': 'vxlan' } },
      },
    });
    expect(specOf(made(), 'FelixConfiguration')).toEqual({
      iptablesBackend: 'NFT',
      nftablesMode: 'Disabled',
      vxlanPort: 4789,
      mtuIfacePattern: '^(ens10)$',
    });
  });

  it('finds the API without kube-proxy', () => {
    const settings = made().find(({ metadata }) => metadata.name === 'kubernetes-services-endpoint');
    expect(settings?.metadata.namespace).toBe('tigera-operator');
    expect(settings?.['data']).toEqual({
      KUBERNETES_SERVICE_HOST: '10.0.0.10',
      KUBERNETES_SERVICE_PORT: '6443',
    });
  });

  it.each([
    ['vxlan', false, 'VXLAN', 'Disabled'],
    ['vxlan', true, 'VXLANCrossSubnet', 'Disabled'],
    ['ipip', false, 'IPIP', 'Enabled'],
    ['ipip', true, 'IPIPCrossSubnet', 'Enabled'],
    ['none', false, 'None', 'Enabled'],
  ] as const)('%s, within subnets bare: %s, is %s with BGP %s', (mode, crossSubnet, encapsulation, bgp) => {
    const part = { mode, options: { crossSubnet } };
    expect(poolsOf(part).map((pool) => pool.encapsulation)).toEqual([encapsulation, encapsulation]);
    expect(specOf(made(part), 'Installation')).toMatchObject({ calicoNetwork: { bgp } });
  });

  it.each([
    ['cidr=10.0.0.0/24,10.1.0.0/24', { cidrs: ['10.0.0.0/24', '10.1.0.0/24'] }],
    ['can-reach=10.0.0.1', { canReach: '10.0.0.1' }],
    ['interface=ens.*', { interface: 'ens.*' }],
    ['skip-interface=docker.*', { skipInterface: 'docker.*' }],
    ['first-found', { firstFound: true }],
  ])('looks for addresses by %s as the manifest does', (ipAutodetection, field) => {
    expect(specOf(made({ options: { ipAutodetection } }), 'Installation')).toMatchObject({
      calicoNetwork: { nodeAddressAutodetectionV4: field },
    });
  });

  it('alone, puts configuration and plugins where runtimes look', () => {
    const alone = { beside: false, confDir: '/etc/cni/net.d', binDir: '/opt/cni/bin' };
    expect(specOf(made(alone), 'Installation')).toMatchObject({
      cni: { confDir: '/etc/cni/net.d', binDir: '/opt/cni/bin' },
    });
    expect(calicoOperatorRecipe.conflist({ ...INPUT, ...alone })).toMatchObject({
      path: '/etc/cni/net.d/10-calico.conflist',
    });
  });

  it('is not there while its plugins are missing where its pods leave them', () => {
    expect(worksScript(calicoOperatorRecipe, INPUT)).toContain('/var/lib/drover/cni/calico/bin/calico-ipam');
    expect(worksProblems(calicoOperatorRecipe, INPUT, 'device \naddress \nplugin calico')).toContain(
      'the device vxlan.calico is missing',
    );
  });
});
