/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return -- specs under test are wrong on purpose, so their drafts have no type */
import { describe, expect, it } from 'vitest';
import { type Loose, load, problemsOf, specWith } from '../rig.js';

const judge = async (cni: object, more: object = {}) => {
  const outcome = await load(specWith((s: Loose) => Object.assign(s.network, { cni, ...more })));
  return problemsOf(outcome)
    .filter(({ code }) => code.startsWith('cni-option'))
    .map(({ severity, message, hint }) => `${severity}: ${message} → ${hint ?? ''}`);
};

describe('Calico', () => {
  it('answers the ConfigMap and the variables of document 001 with what works', async () => {
    const options = {
      'calico-config': {
        calico_backend: 'none',
        ipipMode: 'Always',
        vxlanMode: 'Never',
        natOutgoing: 'Enabled',
      },
      env: { CALICO_IPV4POOL_IPIP: 'Always', CALICO_IPV4POOL_VXLAN: 'Never' },
    };
    expect(await judge({ name: 'calico', mode: 'ipip', options })).toMatchInlineSnapshot(`
      [
        "error: calico_backend follows from the mode → remove it: cni.mode: ipip sets the right one",
        "error: ipipMode would do nothing → use cni.mode: ipip",
        "error: vxlanMode would do nothing → use cni.mode: vxlan (ipip and none switch it off)",
        "error: calico-config has no natOutgoing → use options.natOutgoing: true",
        "error: CALICO_IPV4POOL_IPIP would do nothing → use cni.mode: ipip",
        "error: CALICO_IPV4POOL_VXLAN would do nothing → use cni.mode: vxlan",
      ]
    `);
  });

  it('says why a backend of none leaves IPIP without routes', async () => {
    const outcome = await load(
      specWith(
        (s: Loose) => (s.network.cni = { name: 'calico', mode: 'ipip', options: { calico_backend: 'none' } }),
      ),
    );
    expect(problemsOf(outcome)[0]?.cause).toContain('BIRD');
  });

  it('knows that an ipset refresh of zero does not help', async () => {
    expect(
      await judge({ name: 'calico', options: { felix: { ipsetsRefreshInterval: 0 } } }),
    ).toMatchInlineSnapshot(`
      [
        "warning: switching the refresh off does not keep Calico from reading ipsets → remove it and use Calico v3.30.6, v3.31.3, v3.32.0 or later",
      ]
    `);
  });

  it('accepts what exists and answers typing errors', async () => {
    const options = {
      blockSize: 26,
      natOutgoing: true,
      felix: { logSeverityScreen: 'Info' },
      nftablesMode: 'Disabled',
    };
    expect(await judge({ name: 'calico', options })).toEqual([]);
    expect(await judge({ name: 'calico', options: { bloksize: 26 } })).toEqual([
      'error: Calico has no option bloksize here → did you mean blockSize?',
    ]);
  });

  it('knows which fields its settings have in which version, and which of them Drover sets', async () => {
    const options = {
      felix: { natOutgoingExclusions: 'IPPoolsOnly', logSeverity: 'Info', vxlanPort: 4790 },
      bgp: { asNumber: 64_512, localWorkloadPeeringIPV4: '10.0.0.1' },
      typha: true,
    };
    expect(await judge({ name: 'calico', version: 'v3.29.7', options })).toMatchInlineSnapshot(`
      [
        "error: FelixConfiguration has natOutgoingExclusions only from 3.31 on → remove it, or use cni.version 3.31 or later",
        "error: FelixConfiguration has no logSeverity: it would be ignored without a word → did you mean logSeveritySys?",
        "error: vxlanPort is set by Drover → say it by cni.port",
        "error: BGPConfiguration has localWorkloadPeeringIPV4 only from 3.30 on → remove it, or use cni.version 3.30 or later",
        "error: typha would do nothing → remove it",
      ]
    `);
    const { typha: _, ...more } = { ...options, felix: { natOutgoingExclusions: 'IPPoolsOnly' } };
    expect(await judge({ name: 'calico', version: 'v3.31.7', options: more })).toEqual([]);
    expect(
      await judge({ name: 'calico', version: 'v3.32.1', options: { felix: { iptablesLockTimeout: '1s' } } }),
    ).toEqual(['error: FelixConfiguration has no iptablesLockTimeout since 3.32 → remove it']);
  });
});

describe('Cilium', () => {
  const document003 = {
    tunnel: 'disabled',
    'auto-direct-node-routes': 'true',
    'enable-bpf-masquerade': 'true',
    'kube-proxy-replacement': 'strict',
    'native-routing-cidr': '10.0.0.0/8',
    manifest: 'https://raw.githubusercontent.com/cilium/cilium/v1.15.2/install/kubernetes/quick-install.yaml',
  };

  it('knows which values its chart has in which version', async () => {
    const options = { hubbel: {}, externalWorkloads: {}, policyDenyResponse: 'icmp', bandwidthManager: {} };
    expect(await judge({ name: 'cilium', version: '1.18.2', options })).toMatchInlineSnapshot(`
      [
        "error: Cilium’s chart has no hubbel: it would be ignored without a word → did you mean hubble?",
        "error: Cilium’s chart has no externalWorkloads since 1.18 → remove it",
        "error: Cilium’s chart has policyDenyResponse only from 1.19 on → remove it, or use cni.version 1.19 or later",
      ]
    `);
    expect(await judge({ name: 'cilium', version: '1.21.0', options: { somethingNew: 1 } })).toEqual([
      'warning: Cilium’s chart has no somethingNew: it would be ignored without a word → remove it',
    ]);
  });

  it('answers the keys of document 003 for its own version', async () => {
    expect(await judge({ name: 'cilium', version: '1.15.2', options: document003 })).toMatchInlineSnapshot(`
      [
        "error: tunnel: disabled is not understood since Cilium 1.15 → remove it and use cni.mode: native (routingMode: native)",
        "error: autoDirectNodeRoutes does nothing with a tunnel → remove it, or use cni.mode: native",
        "error: enable-bpf-masquerade is a key of the agent’s ConfigMap, not a Helm value → use options.bpf.masquerade",
        "error: native-routing-cidr is gone since Cilium 1.12 → use options.ipv4NativeRoutingCIDR; Drover sets it to network.pods",
        "error: quick-install.yaml does not exist any more → remove it and name cni.version: Drover installs the chart",
        "warning: kube-proxy-replacement: strict is refused since Cilium 1.16 → remove it and use network.kubeProxy: replaced (Drover sets true and the address of the API)",
      ]
    `);
  });

  it('refuses more of them in a newer version', async () => {
    const strict = { 'kube-proxy-replacement': 'strict' };
    expect((await judge({ name: 'cilium', version: '1.15.2', options: strict }))[0]).toMatch(/^warning/);
    expect((await judge({ name: 'cilium', version: '1.16.0', options: strict }))[0]).toMatch(/^error/);
    expect((await judge({ name: 'cilium', version: '1.14.0', options: { tunnel: 'disabled' } }))[0]).toMatch(
      /^warning/,
    );
  });

  it('allows direct routes on one layer 2 network, and refuses them behind a gateway', async () => {
    const options = { autoDirectNodeRoutes: true };
    expect(await judge({ name: 'cilium', mode: 'native', options })).toEqual([]);
    const routed = { provider: { kind: 'hetzner-cloud', routes: true } };
    expect(await judge({ name: 'cilium', mode: 'native', options }, routed)).toHaveLength(1);
    expect(await judge({ name: 'cilium', mode: 'tunnel', options })).toEqual([
      'error: autoDirectNodeRoutes does nothing with a tunnel → remove it, or use cni.mode: native',
    ]);
  });

  it('takes Helm values nested or dotted, but not those that the spec sets', async () => {
    expect(
      await judge({
        name: 'cilium',
        options: { hubble: { relay: { enabled: true } }, 'bpf.masquerade': true },
      }),
    ).toEqual([]);
    const owned = { ipam: { operator: { clusterPoolIPv4PodCIDRList: ['10.0.0.0/8'] } } };
    expect(await judge({ name: 'cilium', options: owned })).toEqual([
      'error: ipam.operator.clusterPoolIPv4PodCIDRList is set by Drover → say it by network.pods',
    ]);
  });
});

describe('Flannel and none', () => {
  it('answer options that K3s has no place for', async () => {
    expect(
      await judge({
        name: 'flannel',
        options: { 'flannel-backend': 'none', 'ipv6-masq': true, 'external-ipp': true },
      }),
    ).toEqual([
      'error: flannel-backend is set by Drover → say it by network.cni.mode',
      'error: Flannel in K3s has no option external-ipp → did you mean external-ip?',
    ]);
    expect(await judge({ name: 'none', options: { x: 1 } })).toEqual([
      'warning: x does nothing: no cluster network is installed → remove it, or name a network',
    ]);
  });
});
