import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { initSpec } from '../../src/spec/init.js';
import { load, problemsOf } from './rig.js';

const init = (text: string) =>
  initSpec({ name: 'demo', table: 'servers.tsv', text, schema: 'schema/cluster.schema.json' });

describe('a new spec', () => {
  it('is valid as it stands and starts with its schema', async () => {
    const tsv = readFileSync('examples/keybuzz/servers.tsv', 'utf8');
    const { spec } = init(tsv);
    expect(spec?.split('\n')[0]).toBe('# yaml-language-server: $schema=schema/cluster.schema.json');
    const outcome = await load(spec ?? '', { tsv });
    expect(problemsOf(outcome)).toEqual([]);
    expect(outcome.ok && outcome.value.spec.network.nodes).toBe('10.0.0.0/24');
  });

  it.each([
    ['nodes in two /24', '10.0.0.5', '10.0.3.7', '10.0.0.0/22'],
    ['nodes where pods usually are', '10.42.0.5', '10.43.0.7', '10.42.0.0/15'],
    ['IPv6', 'fd00::1', 'fd00::2', 'fd00::/64'],
  ])('finds ranges apart: %s', async (_, one, two, nodes) => {
    const tsv = `NAME,IP,ROLE,SUBROLE\nm1,${one},k3s,master\nw1,${two},k3s,worker\n`;
    const outcome = await load(init(tsv).spec ?? '', { tsv });
    expect(problemsOf(outcome)).toEqual([]);
    expect(outcome.ok && outcome.value.spec.network.nodes).toBe(nodes);
  });

  it('chooses hosts by ROLE where ROLE itself names the role', async () => {
    const tsv = 'NAME;IP;ROLE\nm1;10.0.0.1;master\nw1;10.0.0.2;worker\ndb;10.0.0.3;db\n';
    const { spec } = init(tsv);
    expect(spec).toContain('where: { ROLE: [master, worker] }');
    expect(problemsOf(await load(spec ?? '', { tsv }))).toEqual([]);
  });

  it('is not written from a table with errors', () => {
    const { spec, table } = init('NAME;IP;ROLE\nm1;10.0.0;k3s\n');
    expect(spec).toBeUndefined();
    expect(table.errors.map(({ code }) => code)).toEqual(['table-address', 'table-role']);
  });
});
