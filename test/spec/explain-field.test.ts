import { describe, expect, it } from 'vitest';
import { explainField } from '../../src/spec/explain-field.js';
import { fieldText } from '../../src/spec/field-text.js';

const text = (path: string): string => {
  const field = explainField(path);
  return field.ok
    ? fieldText(field.value.path, field.value.schema)
    : `${field.error.message} | ${field.error.hint ?? ''}`;
};

describe('explaining a key', () => {
  it('shows meaning, type, default and example', () => {
    expect(text('spec.network.pods')).toMatchInlineSnapshot(`
      "spec.network.pods
        Range of the pods

      type     text
      default  "10.42.0.0/16"
      "
    `);
    expect(text('spec.network.nodes')).toContain('example  "10.0.0.0/24"');
  });

  it('shows the keys of a section, what must be there, and every alternative', () => {
    expect(text('spec.loadBalancers')).toMatchInlineSnapshot(`
      "spec.loadBalancers
        Load balancers in front of the hosts

      type     list of mappings
      default  []

      keys (* must be there):
        name *         text
                         Name of the load balancer
        scope *        public | internal
                         public = reached from the internet
        provider       hetzner | scaleway | haproxy | other
                         What it is made of; Drover checks it, and configures haproxy only (default "other")
        address        text
                         Address on the node network; default: its host’s
        publicAddress  text
                         Public address
        host           text
                         Host of the spec that it runs on
        manage         true | false
                         Install and configure HAProxy on its host; else it is checked, never touched (default false)
        listeners *    list of mappings
                         What it serves
      "
    `);
    expect(text('distribution')).toContain('way 2 of 2');
  });

  it('takes paths without spec and without indices', () => {
    expect(text('hosts.role')).toBe(text('spec.hosts[0].role'));
    expect(text('hosts.file')).toContain('Path, relative to the spec');
    expect(text('')).toContain('apiVersion *');
  });

  it('answers a mistyped path', () => {
    expect(text('network.cni.mod')).toBe(
      'spec.network.cni has no key "mod" | did you mean mode? drover config explain spec.network.cni.mode',
    );
    expect(text('netwrok')).toContain('did you mean network?');
  });
});

describe('explaining a key of a migration', () => {
  const migration = (path: string): string => {
    const field = explainField(path, 'Migration');
    return field.ok ? fieldText(field.value.path, field.value.schema) : field.error.message;
  };

  it('is found without saying the kind, where a cluster has no such key', () => {
    expect(text('spec.restore.existing')).toMatchInlineSnapshot(`
      "spec.restore.existing
        What to do with objects that the target has already

      type     skip | update | fail
      default  "fail"
      "
    `);
    expect(text('transforms.change')).toContain('"ingress-class"');
    expect(text('metadata.name')).toContain('Name of the cluster');
  });

  it('can be asked for by its kind', () => {
    expect(migration('metadata.name')).toContain('Name of the migration');
    expect(migration('')).toContain('kind: Migration');
    expect(migration('spec.hosts')).toBe('spec has no key "hosts"');
  });
});
