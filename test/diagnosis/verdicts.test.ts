import { describe, expect, it } from 'vitest';
import type { NetworkOption, Verdict } from '../../src/core/events/verdict.js';
import { judge } from '../../src/diagnosis/verdicts/index.js';
import { clusterOf, type SpecChange } from './fixtures/cluster.js';
import { all, cells, type Edit, install, set, to, traces, value, W1, W2 } from './fixtures/edit.js';
import { healthyFacts } from './fixtures/healthy.js';

const SHAPE = { hosts: 5, servers: 3 };

const verdicts = (
  edits: readonly Edit[],
  { routed = false, ...change }: SpecChange & { routed?: boolean } = {},
) => {
  const facts = healthyFacts({ ...SHAPE, routed });
  for (const edit of edits) edit(facts);
  const judged = judge({ facts, cluster: clusterOf(SHAPE, change) });
  return (option: NetworkOption): Verdict => {
    const found = judged.find((one) => one.option === option);
    if (found === undefined) throw new Error(option);
    return found;
  };
};

const features = (state: Record<string, 'absent'>): Edit =>
  all((host) => (facts) => {
    const old = facts.hosts.find(({ name }) => name === host)?.sections.kernel?.value?.features ?? {};
    set(host, 'kernel', { features: { ...old, ...state } })(facts);
  });

describe('the verdict table', () => {
  it('lets everything work on a switched network, with the MTU of each', () => {
    const of = verdicts([]);
    expect(of('flannel-vxlan')).toMatchObject({ status: 'works', mtu: 1450, asked: true });
    expect(of('flannel-host-gw')).toMatchObject({ status: 'works', mtu: 1500, asked: false });
    expect(of('flannel-wireguard')).toMatchObject({ status: 'works', mtu: 1420 });
    expect(of('calico-ipip')).toMatchObject({ status: 'works', mtu: 1480 });
    expect(of('cilium-native')).toMatchObject({ status: 'works', mtu: 1500 });
  });

  it('refuses direct routes on a routed network, with evidence, and subtracts from 1450', () => {
    const of = verdicts([], { routed: true });
    for (const option of ['flannel-host-gw', 'calico-none', 'cilium-native'] as const) {
      expect(of(option).status).toBe('cannot');
      expect(of(option).conditions[0]).toMatch(/a gateway stands between the hosts/);
      expect(of(option).evidence[0]?.fact).toBe('probes.adjacency@10.0.0.0/16');
    }
    expect(of('flannel-vxlan')).toMatchObject({ status: 'works', mtu: 1400 });
    expect(of('flannel-wireguard').mtu).toBe(1370);
  });

  it('has the lab’s own network only where the spec asks for it', () => {
    expect(() => verdicts([])('lab-vxlan')).toThrow('lab-vxlan');
    const of = verdicts([], { network: { cni: { name: 'lab' } } });
    expect(of('lab-vxlan')).toMatchObject({ status: 'works', mtu: 1450, asked: true });
    const blocked = verdicts([cells('udp/4789', '-', to(W1))], { network: { cni: { name: 'lab' } } });
    expect(blocked('lab-vxlan').status).not.toBe('works');
  });

  it('accepts routes kept by the provider for Calico and Cilium, not for host-gw', () => {
    const of = verdicts([], { routed: true, network: { provider: { kind: 'hetzner-cloud', routes: true } } });
    expect(of('cilium-native').status).toBe('works');
    expect(of('calico-none').status).toBe('works');
    expect(of('flannel-host-gw').status).toBe('cannot');
  });

  it('tells that a blocked 8472 hits Cilium too and not Calico, whose 4789 was measured apart', () => {
    const of = verdicts([
      cells('udp/8472', '-', to(W1)),
      cells('udp/8473', '-'),
      cells('vxlan/8472', '-', to(W1)),
    ]);
    for (const option of ['flannel-vxlan', 'cilium-tunnel'] as const) {
      expect(of(option).status).toBe('works-if');
      expect(of(option).conditions[0]).toMatch(/^UDP 8472 .* is opened .*, or the tunnel moves to UDP 4789/);
    }
    expect(of('calico-vxlan').status).toBe('works');
    expect(of('calico-vxlan').evidence.map(({ fact }) => fact)).toContain('probes.udp/4789@10.0.0.0/16');
  });

  it('names the host whose own firewall drops the port', () => {
    const of = verdicts([cells('udp/8472', 'n', to(W1))]);
    expect(of('flannel-vxlan').conditions[0]).toBe(
      `UDP 8472 (VXLAN of Flannel and Cilium) is opened in the hosts' own firewall: ${W1}, or the tunnel moves to UDP 8473, which passes (flannel-conf, Backend.Port: 8473)`,
    );
  });

  it('sees that real VXLAN frames vanish where plain datagrams pass', () => {
    const one = verdicts([cells('vxlan/8472', '-')])('cilium-tunnel');
    expect(one.status).toBe('works-if');
    expect(one.conditions[0]).toBe(
      'the tunnel moves to UDP 4789, where real VXLAN frames pass (tunnelPort: 4789)',
    );
    const both = verdicts([cells('vxlan/8472', '-'), cells('vxlan/4789', '-')]);
    expect(both('flannel-vxlan').status).toBe('cannot');
    expect(both('calico-vxlan').status).toBe('cannot');
    expect(both('flannel-wireguard').status).toBe('works');
  });

  it('says that a kernel without IPIP or WireGuard cannot, and shows which', () => {
    const of = verdicts([features({ ipip: 'absent', wireguard: 'absent' })]);
    expect(of('calico-ipip').status).toBe('cannot');
    expect(of('calico-ipip').conditions[0]).toMatch(/has no ipip, neither built in nor as a module/);
    expect(of('calico-ipip').evidence[0]?.fact).toBe('hosts.k3s-master-01.kernel.features.ipip');
    expect(of('flannel-wireguard').status).toBe('cannot');
  });

  it('does not trust IPIP that passes as an answer only, nor one that was not measured cold', () => {
    const note = 'lost when sent first, passed after the peer had spoken: a stateful filter';
    expect(verdicts([cells('protocol/4', 'w', undefined, note)])('calico-ipip')).toMatchObject({
      status: 'cannot',
    });
    const quick = verdicts([cells('protocol/4', 'w')])('calico-ipip');
    expect(quick.status).toBe('works-if');
    expect(quick.conditions[0]).toMatch(/--deep/);
    expect(verdicts([cells('protocol/4', '-')])('calico-ipip').conditions[0]).toMatch(/Hetzner Cloud/);
    expect(verdicts([cells('protocol/4', 'n', to(W1))])('calico-ipip').status).toBe('works-if');
  });

  it('lets Calico work with newer ipsets once the writer is off and the sets are swapped', () => {
    const skew = set(W1, 'ipsets', {
      sets: [{ name: 'cali40this-host', type: 'hash:ip', revision: 6, references: 1, entries: 2 }],
    });
    const verdict = verdicts([skew, traces(W1, ['kube-router', 'chain', 'KUBE-ROUTER-INPUT'])])(
      'calico-vxlan',
    );
    expect(verdict.status).toBe('works-if');
    expect(verdict.conditions[0]).toBe(
      `K3s' network policy controller is off (disable-network-policy: true on all servers), Calico is v3.31.7 or newer, and the sets on ${W1} are swapped or destroyed`,
    );
    expect(verdicts([skew])('cilium-tunnel').status).toBe('works');
  });

  it('refuses Cilium on old kernels and without BTF', () => {
    expect(verdicts([set(W1, 'os', { kernel: '5.4.0-150-generic' })])('cilium-tunnel')).toMatchObject({
      status: 'cannot',
    });
    expect(verdicts([set(W1, 'kernel', { btf: false })])('cilium-native')).toMatchObject({
      status: 'cannot',
    });
  });

  it('asks to delete a stale device that holds the port', () => {
    const stale: Edit = (facts) => {
      const links = facts.hosts.find(({ name }) => name === W1)?.sections.links?.value ?? [];
      const device = {
        name: 'flannel.1',
        kind: 'vxlan',
        mtu: 1450,
        up: true,
        addresses: [],
        vxlan: { id: 1, port: 8472, external: false },
      };
      set(W1, 'links', [...links, device])(facts);
    };
    expect(verdicts([stale])('cilium-tunnel').conditions[0]).toMatch(
      /the unused device flannel.1 is deleted on/,
    );
    expect(verdicts([stale])('flannel-vxlan').status).toBe('works');
  });

  it('warns of strict reverse-path filtering only where two networks would live side by side', () => {
    const strict = set(W1, 'sysctls', { 'net.ipv4.conf.all.rp_filter': '1' });
    expect(verdicts([strict])('calico-vxlan').status).toBe('works');
    expect(verdicts([strict, install(W1)])('calico-vxlan').status).toBe('works-if');
  });

  it('takes the MTU from the worst measured path', () => {
    expect(verdicts([value('path-mtu', W1, W2, 1400)])('flannel-vxlan').mtu).toBe(1350);
  });

  it('says unknown, and what to measure, when probes did not run', () => {
    const of = verdicts([(facts) => void facts.probes.splice(0)]);
    expect(of('flannel-vxlan')).toMatchObject({ status: 'unknown', mtu: 1450 });
    expect(of('flannel-vxlan').conditions[0]).toMatch(/UDP 8472 between all hosts: run drover doctor/);
    expect(of('cilium-native').status).toBe('unknown');
  });

  it('marks what the spec asks for', () => {
    const of = verdicts([], { network: { cni: { name: 'cilium', mode: 'native' } } });
    expect(of('cilium-native').asked).toBe(true);
    expect(of('flannel-vxlan').asked).toBe(false);
  });
});
