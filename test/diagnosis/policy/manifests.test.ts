import { describe, expect, it } from 'vitest';
import { readManifests } from '../../../src/diagnosis/policy/manifests.js';

const names = (text: string): readonly string[] =>
  readManifests('a.yaml', text).objects.map(({ object }) => `${object.kind}/${object.metadata.name}`);

const problems = (text: string): readonly string[] =>
  readManifests('a.yaml', text).errors.map(
    ({ code, location, hint }) => `${code} ${location?.line ?? 0}:${location?.column ?? 0} ${hint ?? ''}`,
  );

const object = (kind: string, name: string): string =>
  `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n`;

describe('manifests', () => {
  it('are read from several documents, from lists and from JSON', () => {
    expect(names(`${object('Service', 'a')}---\n---\n${object('Pod', 'b')}`)).toEqual(['Service/a', 'Pod/b']);
    const items = [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'c' } }];
    expect(names(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }))).toEqual(['Pod/c']);
    expect(names('')).toEqual([]);
    expect(names('# nothing\n')).toEqual([]);
  });

  it('tell where a value stands, also inside a list and inside a longer text', () => {
    const text = `${object('Pod', 'a')}---\nkind: List\nitems:\n  - apiVersion: v1\n    kind: ConfigMap\n    metadata: { name: c }\n    data:\n      ini: |\n        one\n        two 10.0.0.9\n`;
    const [, map] = readManifests('a.yaml', text).objects;
    expect(map?.locate?.(['data', 'ini'], '10.0.0.9')).toMatchObject({ line: 14, column: 13, length: 8 });
    expect(map?.locate?.(['data', 'missing'])).toMatchObject({ line: 12 });
  });

  it('report everything that is wrong at once, and what looks like a template', () => {
    const text = `a: [\n---\n${object('Pod', 'a')}---\nreplicas: {{ .Values.replicas }}\n`;
    expect(problems(text)).toMatchInlineSnapshot(`
      [
        "manifest-syntax 2:1 this looks like a template: render the chart first",
        "manifest-no-object 8:1 this looks like a template: render the chart first",
      ]
    `);
    expect(names(text)).toEqual(['Pod/a']);
  });
});
