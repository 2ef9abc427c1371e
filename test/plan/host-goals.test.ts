import { describe, expect, it } from 'vitest';
import { hostGoals } from '../../src/plan/host-goals.js';
import type { Cluster } from '../../src/spec/cluster.js';
import { clusterOf } from '../diagnosis/fixtures/cluster.js';

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
});
