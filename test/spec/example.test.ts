import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { effectiveYaml } from '../../src/spec/effective.js';
import { load, problemsOf } from './rig.js';

const outcome = await load(readFileSync('examples/keybuzz/drover.yaml', 'utf8'), {
  tsv: readFileSync('examples/keybuzz/servers.tsv', 'utf8'),
});

describe('the KeyBuzz example', () => {
  it('has no problems but the one that it accepts', () => {
    expect(problemsOf(outcome)).toEqual([]);
    expect(outcome.ok && outcome.value.accepted.map(({ code }) => code)).toEqual(['ingress-nginx-archived']);
  });

  it('holds the machines, ports and addresses of the plan', () => {
    if (!outcome.ok) throw new Error('not loaded');
    const { spec, hosts } = outcome.value;
    expect(hosts.filter(({ role }) => role === 'server').map(({ address }) => address)).toEqual([
      '10.0.0.100',
      '10.0.0.101',
      '10.0.0.102',
    ]);
    expect(hosts.filter(({ role }) => role === 'agent')).toHaveLength(5);
    expect(spec.ingress).toMatchObject({ controller: 'nginx', kind: 'DaemonSet', hostNetwork: true });
    expect(spec.loadBalancers.map(({ name, scope }) => [name, scope])).toEqual([
      ['lb-keybuzz-1', 'public'],
      ['lb-keybuzz-2', 'public'],
      ['lb-haproxy', 'internal'],
    ]);
    const named = spec.acceptance.urls.map(({ url }) => new URL(url).hostname.split('.')[0]);
    expect(named).toEqual(
      'platform platform-api my support n8n erp superset analytics llm qdrant connect etl'.split(' '),
    );
    expect([...new Set(spec.applications.map(({ module = '' }) => module.slice(0, 2)))]).toEqual([
      '10',
      '11',
      '12',
      '13',
      '14',
      '15',
      '16',
    ]);
    expect(spec.preparation.resolvers).toEqual({
      servers: ['1.1.1.1', '8.8.8.8'],
      search: [],
      immutable: true,
    });
  });

  it('says of every effective value where it comes from', () => {
    if (!outcome.ok) throw new Error('not loaded');
    const lines = effectiveYaml(outcome.value, true).split('\n');
    expect(lines).toContain('    pods: 10.42.0.0/16 # drover.yaml:19:11');
    expect(lines).toContain('      address: 10.0.0.100 # servers.tsv:3:21');
    expect(lines).toContain('    nodeMask: 24 # default');
    const bare = lines.filter(
      (line) =>
        line.trim() !== '' &&
        !/ # (default|.+:\d+:\d+)/.test(line) &&
        !/^ *(- )?[\w"./-]+:( &\w+)?$/.test(line) &&
        line.trim() !== '-',
    );
    expect(bare).toEqual([]);
  });
});
