import { expect, it } from 'vitest';
import { chartObjects } from '../../../../src/app/cluster/charts/objects.js';
import { idOf, idText } from '../../../../src/bundle/model/object-id.js';

const keys = (text: string): readonly string[] =>
  chartObjects(text, 'shop').map((object) => idText(idOf(object)));

const object = (kind: string, name: string, more = '', apiVersion = 'v1'): string =>
  `---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n${more}`;
const hook = (value: string, weight = 0): string =>
  `  annotations:\n    helm.sh/hook: ${value}\n    helm.sh/hook-weight: "${weight}"\n`;

it('puts definitions first, hooks at their places by weight, and leaves tests and deleting out', () => {
  const text = [
    object('Deployment', 'web', '', 'apps/v1'),
    object('Job', 'second', hook('pre-install,pre-upgrade', 5), 'batch/v1'),
    object('Job', 'after', hook('post-install'), 'batch/v1'),
    object('Job', 'first', hook('pre-install', -5), 'batch/v1'),
    object('Pod', 'test', hook('test')),
    object('Pod', 'old-test', hook('test-success')),
    object('Job', 'clean', hook('pre-delete'), 'batch/v1'),
    object('ConfigMap', 'settings'),
    object('CustomResourceDefinition', 'things.example.com', '', 'apiextensions.k8s.io/v1'),
  ].join('\n');
  expect(keys(text)).toEqual([
    'CustomResourceDefinition.apiextensions.k8s.io/things.example.com',
    'shop/Job.batch/first',
    'shop/Job.batch/second',
    'shop/ConfigMap/settings',
    'shop/Deployment.apps/web',
    'shop/Job.batch/after',
  ]);
});

it('gives objects the namespace of the release, but not those of the whole cluster, also of kinds that the chart defines', () => {
  const definition = object('CustomResourceDefinition', 'zones.example.com', '', 'apiextensions.k8s.io/v1');
  const scope = 'spec: { group: example.com, scope: Cluster, names: { kind: Zone } }\n';
  const text = [
    definition + scope,
    object('Zone', 'one', '', 'example.com/v1'),
    object('ClusterRole', 'reader', '', 'rbac.authorization.k8s.io/v1'),
    object('ConfigMap', 'elsewhere', '  namespace: kube-system\n'),
  ].join('\n');
  expect(keys(text)).toEqual([
    'CustomResourceDefinition.apiextensions.k8s.io/zones.example.com',
    'kube-system/ConfigMap/elsewhere',
    'ClusterRole.rbac.authorization.k8s.io/reader',
    'Zone.example.com/one',
  ]);
});

it('reads YAML as Kubernetes does, lists as their items, and passes over what is empty', () => {
  const text = `# Source: nothing\n---\n---\napiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: ConfigMap\n    metadata: { name: a }\n    immutable: yes\n`;
  expect(chartObjects(text, 'shop')).toEqual([
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'shop' }, immutable: true },
  ]);
});

it('keeps Jobs that would remove themselves, which every plan would make anew', () => {
  const text = `${object('Job', 'once', '', 'batch/v1')}spec: { ttlSecondsAfterFinished: 60, backoffLimit: 1 }\n`;
  expect(chartObjects(text, 'shop')[0]).toMatchObject({ spec: { backoffLimit: 1 } });
  expect(JSON.stringify(chartObjects(text, 'shop'))).not.toContain('ttl');
});
