import { z } from 'zod';
import { domainNameSchema, nameSchema } from './common.js';

/** Which objects a transform looks at; every member narrows. */
export const objectSelectorSchema = z.strictObject({
  kind: z.string().optional().describe('Kind, with its group when it has one: Deployment.apps'),
  namespace: nameSchema.optional().describe('Namespace in the source'),
  name: z.string().optional().describe('Name of the object'),
});
export type ObjectSelector = z.infer<typeof objectSelectorSchema>;

const pointer = z.string().regex(/^(\/.*)?$/, 'expected a JSON pointer such as /spec/replicas');

/** Operations of RFC 6902. */
export const patchOperationSchema = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('test'), path: pointer, value: z.json() }),
  z.strictObject({ op: z.literal('add'), path: pointer, value: z.json() }),
  z.strictObject({ op: z.literal('replace'), path: pointer, value: z.json() }),
  z.strictObject({ op: z.literal('remove'), path: pointer }),
  z.strictObject({ op: z.literal('move'), from: pointer, path: pointer }),
  z.strictObject({ op: z.literal('copy'), from: pointer, path: pointer }),
]);
export type PatchOperation = z.infer<typeof patchOperationSchema>;

const only = objectSelectorSchema.prefault({}).describe('Only these objects; default: all');

/** One change to what is carried; they are applied in the order in which they are written. */
export const transformSchema = z.discriminatedUnion('change', [
  z.strictObject({
    change: z.literal('namespace'),
    from: nameSchema.describe('Namespace in the source'),
    to: nameSchema.describe('Namespace in the target'),
  }),
  z.strictObject({
    change: z.literal('image-registry'),
    from: z.string().min(1).describe('Beginning of image names: docker.io/library, rg.fr-par.scw.cloud/shop'),
    to: z.string().min(1).describe('What it becomes'),
    paths: z
      .array(z.strictObject({ kind: z.string(), path: z.string() }))
      .default([])
      .describe('Image fields of custom resources: kind, and path such as spec.image'),
  }),
  z.strictObject({ change: z.literal('storage-class'), from: z.string(), to: z.string() }),
  z.strictObject({ change: z.literal('ingress-class'), from: z.string(), to: z.string() }),
  z.strictObject({ change: z.literal('host-name'), from: domainNameSchema, to: domainNameSchema, only }),
  z.strictObject({ change: z.literal('replicas'), to: z.number().int().min(0), only }),
  z.strictObject({
    change: z.literal('node-selector'),
    remove: z.array(z.string()).default([]).describe('Labels that no longer select a node'),
    set: z.record(z.string(), z.string()).default({}).describe('Labels that do'),
    only,
  }),
  z.strictObject({ change: z.literal('json-patch'), only, patch: z.array(patchOperationSchema).min(1) }),
]);
export type Transform = z.infer<typeof transformSchema>;
