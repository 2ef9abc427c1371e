import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeSettings } from '../../../src/facts/collectors/k3s-settings.js';
import { execStart, flagsOf, splitWords } from '../../../src/facts/collectors/unit-arguments.js';
import { yamlItems } from '../../../src/facts/collectors/yaml-items.js';

const merge = (...texts: readonly string[]) =>
  mergeSettings({
    environment: [],
    flags: [],
    files: texts.map((text, index) => ({ path: `/f${index}.yaml`, text })),
  });
const values = (...texts: readonly string[]) =>
  Object.fromEntries(Object.entries(merge(...texts).settings).map(([key, { value }]) => [key, value]));

describe('the rules of K3s', () => {
  it('replace lists instead of joining them', () => {
    expect(values('disable: [traefik]', 'disable: [servicelb]')).toEqual({ disable: ['servicelb'] });
  });

  it('append only with a plus', () => {
    expect(values('tls-san: [a]', 'tls-san+: b', 'tls-san+: [c, d]')).toEqual({
      'tls-san': ['a', 'b', 'c', 'd'],
    });
  });

  it('take the last of two equal keys and say where both stand', () => {
    const merged = merge('node-ip: 1.1.1.1\nx: y\nnode-ip: 2.2.2.2\n');
    expect(merged.settings['node-ip']).toEqual({ value: '2.2.2.2', origin: '/f0.yaml:3' });
    expect(merged.duplicates).toEqual([{ file: '/f0.yaml', key: 'node-ip', lines: [1, 3] }]);
  });

  it('let a flag win over files, and files over the environment', () => {
    const { settings } = mergeSettings({
      environment: [
        ['K3S_NODE_NAME', 'env', '/e'],
        ['K3S_URL', 'https://a:6443', '/e'],
        ['HTTP_PROXY', 'x', '/e'],
      ],
      files: [{ path: '/c.yaml', text: 'node-name: file\ntls-san: [a, b]' }],
      flags: [
        ['tls-san', 'c'],
        ['cluster-init', 'true'],
      ],
    });
    expect(settings).toEqual({
      'node-name': { value: 'file', origin: '/c.yaml:1' },
      server: { value: 'https://a:6443', origin: '/e' },
      'tls-san': { value: 'c', origin: 'unit' },
      'cluster-init': { value: 'true', origin: 'unit' },
    });
  });

  it('keep values as they are written', () => {
    expect(values('write-kubeconfig-mode: 0644\nv: 1.10\nb: true\nq: "0600"\nempty:')).toEqual({
      'write-kubeconfig-mode': '0644',
      v: '1.10',
      b: 'true',
      q: '0600',
      empty: '',
    });
  });

  it('report a file that is no mapping', () => {
    expect(merge('- a\n- b').errors).toEqual(['/f0.yaml: no mapping of keys to values']);
  });
});

describe('command lines of units', () => {
  it('are read across continued lines, quotes and drop-ins', () => {
    const unit =
      "[Service]\nExecStart=/usr/local/bin/k3s \\\n    server \\\n\t'--node-label' \\\n\t'a=b c' --debug\n[Service]\nExecStart=\nExecStart=-/opt/k3s agent --server=https://x:6443 -d /data\n";
    expect(execStart(unit)).toBe('/opt/k3s agent --server=https://x:6443 -d /data');
    const first = execStart(unit.split('\n[Service]\nExecStart=\n')[0] ?? '');
    expect(flagsOf(splitWords(first))).toEqual([
      ['node-label', 'a=b c'],
      ['debug', 'true'],
    ]);
    expect(flagsOf(splitWords(execStart(unit)))).toEqual([
      ['server', 'https://x:6443'],
      ['data-dir', '/data'],
    ]);
  });

  it('split into the words that were quoted', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[A-Za-z0-9 ._:/=-]+$/), { minLength: 1 }), (words) => {
        expect(splitWords(words.map((word) => `'${word}'`).join(' '))).toEqual(words);
      }),
    );
  });
});

describe('yamlItems', () => {
  it('never throws, whatever the file holds', () => {
    fc.assert(fc.property(fc.string(), (text) => yamlItems(text).items.length >= 0));
  });
});
