import { describe, expect, it } from 'vitest';
import { hostGoals } from '../../src/plan/host-goals.js';
import type { Cluster } from '../../src/spec/cluster.js';
import { clusterOf } from '../diagnosis/fixtures/cluster.js';
import { healthyFacts } from '../diagnosis/fixtures/healthy.js';

const goalsOf = (preparation: Record<string, unknown>, network: Record<string, unknown> = {}) => {
  const cluster: Cluster = clusterOf({ hosts: 2, servers: 1 }, { network, spec: { preparation } });
  const [host] = cluster.hosts;
  if (host === undefined) throw new Error('no host');
  return hostGoals(cluster, host);
};

const paramsOf = (goals: ReturnType<typeof goalsOf>, id: string) =>
  goals.find(({ step }) => step.id === id)?.params;

describe('hostGoals', () => {
  it('prepares every host, packages after the name servers, the firewall last', () => {
    const all = goalsOf({
      firewall: { kind: 'ufw' },
      resolvers: { servers: ['1.1.1.1'], immutable: true },
      packages: ['jq'],
    });
    expect(all.map(({ step }) => step.id)).toEqual([
      'host.swap',
      'host.modules',
      'host.sysctls',
      'host.hosts-file',
      'host.hostname',
      'host.resolvers',
      'host.time',
      'host.packages',
      'host.firewall',
    ]);
  });

  it('leaves alone what the spec wants kept', () => {
    const ids = goalsOf({ swap: 'keep', time: { sync: false } }).map(({ step }) => step.id);
    expect(ids).toEqual(['host.modules', 'host.sysctls', 'host.hosts-file', 'host.hostname']);
  });

  it('lets the user’s kernel parameters win over the least ones', () => {
    const goals = goalsOf({ cis: true, sysctls: { 'fs.inotify.max_user_watches': 9, 'vm.swappiness': '5' } });
    expect(paramsOf(goals, 'host.sysctls')).toMatchObject({
      values: { 'fs.inotify.max_user_watches': '9', 'vm.swappiness': '5', 'kernel.panic': '10' },
      least: { 'fs.inotify.max_user_instances': '8192', 'net.netfilter.nf_conntrack_max': '131072' },
    });
  });

  it('asks for the modules of the network', () => {
    expect(paramsOf(goalsOf({}, { cni: { name: 'calico', mode: 'ipip' } }), 'host.modules')).toEqual({
      modules: ['br_netfilter', 'ip_set', 'ipip', 'nf_conntrack', 'overlay'],
    });
  });

  describe('for the packets of two networks at once', () => {
    const REVERSE_PATH = 'net.ipv4.conf.all.rp_filter';
    const cluster = clusterOf(
      { hosts: 2, servers: 1 },
      { spec: { preparation: { firewall: { kind: 'ufw' } } } },
    );
    const other = clusterOf({ hosts: 2, servers: 1 }, { network: { cni: { name: 'calico', mode: 'ipip' } } });
    const [host] = cluster.hosts;
    const facts = (rpFilter: string, own: readonly string[] = []) => {
      const [seen] = healthyFacts({ hosts: 2, servers: 1 }).hosts;
      if (seen === undefined || host === undefined) throw new Error('no host');
      const section = (value: unknown) => ({ ok: true, at: '', ms: 0, value });
      return {
        ...seen,
        sections: {
          ...seen.sections,
          sysctls: section({ [REVERSE_PATH]: rpFilter }),
          'sysctl-files': section(
            own.map((key) => ({ file: '/etc/sysctl.d/90-drover.conf', key, value: '2' })),
          ),
        },
      } as never;
    };
    const values = (of: Cluster, also: readonly Cluster[], seen: never) => {
      if (host === undefined) throw new Error('no host');
      const goals = hostGoals(of, host, { also: also.map(({ spec }) => spec.network), facts: seen });
      return (paramsOf(goals, 'host.sysctls') as { values: Record<string, string> }).values[REVERSE_PATH];
    };

    it('loads the modules of both, and lets both in', () => {
      if (host === undefined) throw new Error('no host');
      const goals = hostGoals(cluster, host, { also: [other.spec.network] });
      expect(paramsOf(goals, 'host.modules')).toMatchObject({
        modules: expect.arrayContaining(['ipip', 'vxlan']) as unknown,
      });
      expect(JSON.stringify(paramsOf(goals, 'host.firewall'))).toContain('(IPIP)');
    });

    it('filters loosely where it was strict, also later, and for networks whose answers leave elsewhere', () => {
      expect(values(cluster, [], facts('1'))).toBeUndefined();
      expect(values(cluster, [other], facts('1'))).toBe('2');
      expect(values(cluster, [other], facts('0'))).toBeUndefined();
      expect(values(other, [], facts('1'))).toBe('2');
      expect(values(other, [], facts('2', [REVERSE_PATH]))).toBe('2');
      expect(values(other, [], facts('2'))).toBeUndefined();
    });
  });
});
