import type { KubeObject } from '../../../src/core/ports/kube.js';

/** What managedFields say: each manager with the fields that it owns. */
export const managed = (
  ...entries: readonly (readonly [manager: string, fields: object, subresource?: string])[]
) =>
  entries.map(([manager, fieldsV1, subresource]) => ({
    manager,
    operation: 'Update',
    fieldsType: 'FieldsV1',
    fieldsV1,
    ...(subresource === undefined ? {} : { subresource }),
  }));

export const serverMetadata = {
  uid: '1b2c',
  resourceVersion: '42',
  creationTimestamp: '2026-01-01T00:00:00Z',
  generation: 3,
} as const;

export const object = (
  apiVersion: string,
  kind: string,
  name: string,
  more: Record<string, unknown> = {},
): KubeObject => {
  const { metadata, ...rest } = more;
  return {
    apiVersion,
    kind,
    metadata: { name, namespace: 'shop', ...(metadata as object | undefined) },
    ...rest,
  };
};

export const secret = (
  name: string,
  data: Record<string, string>,
  more: Record<string, unknown> = {},
): KubeObject =>
  object('v1', 'Secret', name, {
    type: 'Opaque',
    data: Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
    ),
    ...more,
  });

export const namespace = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
  spec: { finalizers: ['kubernetes'] },
});

/** The definition of a kind of example.com that lies in namespaces. */
export const definition = (kind: string, schema?: object): KubeObject => {
  const plural = `${kind.toLowerCase()}s`;
  const validation = schema === undefined ? {} : { schema: { openAPIV3Schema: schema } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.example.com` },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { kind, plural },
      versions: [{ name: 'v1', served: true, storage: true, ...validation }],
    },
  };
};
