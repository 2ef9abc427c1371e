import type { KubeObject } from '../../src/core/ports/kube.js';

/** Objects of one namespace each; `plural` and group are those of its kind. */
export interface MadeObject {
  readonly resource: { readonly group: string; readonly version: string; readonly plural: string };
  readonly object: KubeObject;
}

type Make = (name: string) => readonly [plural: string, apiVersion: string, kind: string, rest: object];

const text = (size: number): string => 'value of a setting, as long as usual ones are\n'.repeat(size);

const secret: Make = (name) => [
  'secrets',
  'v1',
  'Secret',
  { data: { password: Buffer.from(`${name}${text(4)}`).toString('base64') } },
];
const configMap: Make = () => ['configmaps', 'v1', 'ConfigMap', { data: { settings: text(12) } }];
const service: Make = (name) => [
  'services',
  'v1',
  'Service',
  { spec: { clusterIP: 'None', selector: { app: name }, ports: [{ port: 80 }] } },
];
const account: Make = () => ['serviceaccounts', 'v1', 'ServiceAccount', {}];
const deployment: Make = (name) => [
  'deployments',
  'apps/v1',
  'Deployment',
  {
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'app', image: 'registry.example/app:1.4.2' }] },
      },
    },
  },
];
const role: Make = () => [
  'roles',
  'rbac.authorization.k8s.io/v1',
  'Role',
  { rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }] },
];

/** What a cluster full of applications holds, in these parts. */
const MIX: readonly Make[] = [
  configMap,
  configMap,
  configMap,
  configMap,
  secret,
  secret,
  secret,
  service,
  deployment,
  role,
  account,
];

const made = (make: Make, name: string, namespace: string): MadeObject => {
  const [plural, apiVersion, kind, rest] = make(name);
  const [first = '', second] = apiVersion.split('/');
  return {
    resource: { group: second === undefined ? '' : first, version: second ?? first, plural },
    object: { apiVersion, kind, metadata: { name, namespace }, ...rest },
  };
};

/** So many objects of usual kinds, in one namespace. */
export const mixedObjects = (count: number, namespace: string): readonly MadeObject[] =>
  Array.from({ length: count }, (_, at) => made(MIX[at % MIX.length] ?? configMap, `app-${at}`, namespace));

export const secretObjects = (count: number, namespace: string): readonly MadeObject[] =>
  Array.from({ length: count }, (_, at) => made(secret, `secret-${at}`, namespace));
